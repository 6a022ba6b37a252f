interface AdminConnection {
  query(sql: string): Promise<unknown>;
}

export function checkSettings(
  admin: AdminConnection,
  options: { readonly product: string; readonly mend: boolean },
): Promise<readonly string[]>;

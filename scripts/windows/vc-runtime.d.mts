export function findVcRuntime(
  env?: Readonly<Record<string, string | undefined>>,
  tellInstallation?: (env: Readonly<Record<string, string | undefined>>) => string | null,
): string;

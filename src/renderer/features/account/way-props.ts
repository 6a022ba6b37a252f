/** What every way to sign in is given. */
export interface WayProps {
  /** Null: the store used last. */
  readonly connectionString: string | null;
  /** Shared by all ways, so that it is typed once. */
  readonly name: string;
  /** The account is known: only somebody's session has ended. */
  readonly fixedName: boolean;
  readonly onName: (name: string) => void;
}

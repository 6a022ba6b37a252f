import { accountLimits } from '../../../shared/contract/account.js';
import { useMessages } from '../../i18n/language.js';
import { TextField } from '../../ui/field.js';

interface NameFieldProps {
  readonly value: string;
  readonly wrong: string | null;
  readonly onName: (name: string) => void;
  /** Says what a name may be; for a new one. */
  readonly explained?: boolean;
}

/** The account's name. */
export function NameField({ value, wrong, onName, explained = false }: NameFieldProps) {
  const { account: words } = useMessages();
  return (
    <TextField
      label={words.name}
      {...(explained ? { hint: words.nameHint } : {})}
      wrong={wrong}
      autoComplete="username"
      autoCapitalize="off"
      data-autofocus
      maxLength={accountLimits.name}
      value={value}
      onChange={(event) => {
        onName(event.target.value);
      }}
    />
  );
}

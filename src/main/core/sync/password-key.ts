import { createHash, randomInt, scrypt } from 'node:crypto';

// The admin command resets passwords with this file, by Node's type stripping: see connection-string.ts.

/** Cost of the key: 128 MiB and about 0.4 s on a desktop of 2024. Changing it changes every key. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

/** Digits and letters that are not taken for one another, read aloud or written by hand (Crockford's base 32). */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 24 letters are 120 bits: no throttle is needed against guessing. The 25th is a check on the others. */
const randomLetters = 24;

/** A name as the store compares it: composed, lower case, no blanks around it. */
export function normaliseName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** Whether the store would take a (normalised) name: 2 to 64 characters (王明 is one), none of them blank or invisible. */
export function isName(name: string): boolean {
  const { length } = Array.from(name);
  return length >= 2 && length <= 64 && name.isWellFormed() && !/[\s\p{Cc}\p{Cf}\p{Zs}]/u.test(name);
}

/**
 * What the store is shown instead of the password: 32 bytes. The salt is made from the name, so that it need not be
 * asked for, and a stranger cannot learn from the answer which names there are.
 */
export function passwordKey(name: string, password: string): Promise<Buffer> {
  const salt = createHash('sha256')
    .update(`botchat:${normaliseName(name)}`)
    .digest();
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** A code such as `4F7KM-…` (five groups of five), shown once when an account is made. */
export function makeRecoveryCode(): string {
  const body = Array.from({ length: randomLetters }, () => letters[randomInt(letters.length)]).join('');
  return (body + checkLetter(body)).match(/.{5}/g)?.join('-') ?? '';
}

/** A code as somebody typed it, put into its one form; null where it cannot be right. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (code.length !== randomLetters + 1 || Array.from(code).some((letter) => !letters.includes(letter))) return null;
  if (checkLetter(code.slice(0, randomLetters)) !== code.at(-1)) return null;
  return code.match(/.{5}/g)?.join('-') ?? null;
}

/** What the store is shown instead of the recovery code. The code is random: one hash is enough. */
export function recoveryKey(name: string, code: string): Buffer {
  return createHash('sha256')
    .update(`botchat recovery:${normaliseName(name)}:${code}`)
    .digest();
}

/** Two letters in each other's place, and any one wrong letter, give another sum: the weights are odd and differ. */
function checkLetter(body: string): string {
  const sum = Array.from(body).reduce((total, letter, index) => total + letters.indexOf(letter) * (2 * index + 1), 0);
  return letters[sum % letters.length] ?? '';
}

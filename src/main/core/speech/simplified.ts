import { Converter } from 'opencc-js/t2cn';

const convert = Converter({ from: 't', to: 'cn' });

/** Chinese text in simplified characters; everything else as it is. Whisper writes either, as it happens. */
export function simplified(text: string): string {
  return /\p{Script=Han}/u.test(text) ? convert(text) : text;
}

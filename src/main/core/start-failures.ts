import { AppError } from '../../shared/errors.js';
import { profileError } from './data/database.js';

/** How a host lets its user name another place. */
export interface StartPlaces {
  readonly userData: string;
  /** The option or the variable that names another data folder. */
  readonly userDataOption: string;
}

type Words = readonly [chinese: string, english: string];

/**
 * Why BotChat does not start, and what to do. It is said before there is a page or anybody's settings, so it is said in
 * both languages. `more`: words for failures that one host alone has, by `AppError` or system code.
 */
export function startFailureWords(
  thrown: unknown,
  { userData, userDataOption }: StartPlaces,
  more: Readonly<Record<string, Words>> = {},
): string {
  const error = profileError(thrown);
  const code = error instanceof AppError ? error.code : ((error as NodeJS.ErrnoException | null)?.code ?? '');
  const words: Readonly<Record<string, Words>> = {
    'profile/in-use': [
      `BotChat 已在另一个窗口或程序中使用数据文件夹 ${userData}。请先关闭它，再重新打开。`,
      `BotChat is already open with the data in ${userData}, perhaps in a browser. Close it there, then start again.`,
    ],
    'profile/unwritable': [
      `无法写入数据文件夹 ${userData}。请检查该文件夹的权限，或用 ${userDataOption} 指定另一个文件夹。`,
      `BotChat cannot write to ${userData}. Check the folder's permissions, or name another with ${userDataOption}.`,
    ],
    'profile/disk-full': [
      `磁盘已满，无法写入 ${userData}。请腾出一些空间，再重新打开 BotChat。`,
      `The disk is full: BotChat cannot write to ${userData}. Free some space, then start BotChat again.`,
    ],
    'profile/damaged': [
      `${userData} 中的数据库已损坏，也无法从备份恢复。请将该文件夹移走后重新打开 BotChat，并保留它：录音还在里面。`,
      `The database in ${userData} is damaged and could not be restored from a backup. Move that folder away and start again; keep it, it holds your recordings.`,
    ],
    'profile/too-new': [
      `${userData} 中的数据由更新版本的 BotChat 写入。请安装最新版本。`,
      `The data in ${userData} was made by a newer BotChat. Please install the latest version.`,
    ],
    ...more,
  };
  const [chinese, english] = words[code] ?? [
    `BotChat 无法启动。请重新打开；如仍然失败，请附上 ${userData} 中 logs 文件夹里的日志报告此问题。`,
    `BotChat could not start. Please try again; if it keeps failing, report it with the log in the folder logs of ${userData}.`,
  ];
  const detail = error instanceof Error ? error.message : String(error);
  return `${chinese}\n${english}\n\n${code === '' || code === detail ? detail : `${code}: ${detail}`}`;
}

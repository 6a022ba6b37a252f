import type { AppError, ErrorCode } from '../../shared/errors.js';

/** The few words that are needed where there is no page to say them: in both languages, for settings are not read. */
const startFailures: Partial<Record<ErrorCode, string>> = {
  'profile/in-use':
    'BotChat 已在另一个窗口或程序中使用同一数据文件夹。请先关闭它，再重新打开。\n' +
    'BotChat is already open with the same data folder, perhaps in a browser. Close it there, then start again.',
  'profile/unwritable':
    '无法写入数据文件夹。请检查该文件夹的权限，或用环境变量 BOTCHAT_USER_DATA 指定另一个文件夹。\n' +
    'The data folder cannot be written. Check its permissions, or name another folder in BOTCHAT_USER_DATA.',
  'profile/disk-full':
    '磁盘已满。请腾出一些空间，再重新打开 BotChat。\nThe disk is full. Free some space, then start BotChat again.',
  'profile/damaged':
    '数据已损坏，也无法从备份恢复。请备份数据文件夹，然后将其移走并重新打开 BotChat。\n' +
    'The data is damaged and could not be restored from a backup. Keep a copy of the data folder, move it away, then start BotChat again.',
  'profile/too-new':
    '这些数据由更新版本的 BotChat 写入。请安装最新版本。\n' +
    'This data was written by a newer BotChat. Please install the latest version.',
};

const otherFailure =
  'BotChat 无法启动。请重新打开；如仍然失败，请附上日志文件报告此问题。\n' +
  'BotChat could not start. Please try again; if it keeps failing, report it with the log file.';

/** What the learner is told when the app cannot start, with what a bug report needs. */
export function startFailureWords(error: AppError): string {
  return `${startFailures[error.code] ?? otherFailure}\n\n${error.code}: ${error.message}`;
}

/** Said when the page has fallen over again right after it was reloaded. */
export const pageLost =
  'BotChat 的界面反复崩溃，程序将关闭。您的对话已保存，请重新打开。\n' +
  'The BotChat page keeps crashing and the app will close. Your conversations are saved; please start it again.';

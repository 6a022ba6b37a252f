// What Whisper learned from subtitles and says of sound without words. Collected from public reports of apps that use it.

/** Credits and appeals of subtitles and channels, which nobody says in a conversation: gone however sure the model is. */
const neverSaid: readonly RegExp[] = [
  /amara\.org/i,
  // Prompts for Chinese that come back, our own among them (chinese-marks.ts).
  /以下是普通[话話]的句子/,
  /^(?:subtitles?|captions?|captioning|transcri(?:bed|ption)|translated|translation) (?:by|provided by|created by)\b/i,
  /^(?:sub(?:title)?s?|caption) ?(?:by|:)/i,
  /ming pao (?:canada|toronto)/i,
  /(?:like and|don'?t forget to) subscribe(?: to (?:the|my|our) channel)?[.!]*$/i,
  /yoyo television|优优独播|優優獨播/i,
  /字幕(?:由|by|製作|制作|组|組|志愿|志願|校对|校對|翻译|翻譯|提供|[:：])/i,
  /(?:中文|简体|繁体|英文|双语)字幕(?:由|by|志愿|志願|组|組|[:：]|$)/i,
  /不吝(?:点赞|點贊|點讚)/,
  /(?:支持|支援|打赏|打賞).{0,6}(?:明镜|明鏡)|(?:明镜|明鏡)(?:与|與|需要)|点点栏目|點點欄目/,
  /(?:订阅|訂閱).{0,8}(?:点赞|點贊|點讚|转发|轉發)|(?:点赞|點贊|點讚).{0,8}(?:订阅|訂閱)/,
  /(?:本|該|该)?(?:节目|節目|影片|视频|視頻).{0,6}(?:由.{0,12}(?:赞助|贊助|提供)|版权|版權)/,
  /^(?:ご視聴|ご覧いただき|チャンネル登録)/,
  /^Спасибо за просмотр|^Субтитры|^Продолжение следует|^Редактор субтитров/i,
  /^시청해\s?주셔서|^구독과 좋아요|^(?:MBC|KBS) 뉴스/,
  /^(?:Sous-titr(?:es|age)|Untertitel(?:ung)?|Subtítulos|Sottotitoli|Legendas|Ondertitels?|Napisy)\b.{0,60}$/i,
  // Notes of sounds, as subtitles have them: -Sighs-, 「音楽」.
  /^[-–—~]\s?\p{Letter}+(?: \p{Letter}+){0,2}\s?[-–—~]$/u,
  /^[「『《〈<].{0,6}(?:音[楽乐樂]|拍手|掌[声聲]|笑|哭|[叹嘆]|咳|静音|靜音|无声|無聲|歌|BGM|字幕).{0,6}[」』》〉>][。.]?$/u,
];

/**
 * What a learner may well say, and Whisper often makes up: it stays where the detector heard speech for as long as that
 * takes; where the detector was not asked, what the model is unsure of goes.
 */
const seldomSaid: readonly RegExp[] = [
  /^thanks?(?: you)?(?: so much| very much)? for (?:watching|listening|viewing)\b.*$/i,
  /^(?:please )?subscribe(?: to (?:the|my|our) channel)?$/i,
  /^see you (?:in the )?next (?:video|time)$/i,
  /^(?:you[\s.,!]*)+$/i,
  /^(?:请|請)?(?:大家)?(?:订阅|訂閱)(?:一下)?(?:我的|我们的|我們的|本|这个|這個)?(?:频道|頻道)?$/,
  /^(?:谢谢|謝謝|感谢|感謝)(?:大家|您|你|各位)?(?:的)?(?:观看|觀看|收看|收听|收聽)$/,
  /^(?:下期|下次)(?:再见|再見|见|見)$/,
];

const ownScripts = /[\p{Script=Latin}\p{Script=Han}]/gu;
const letters = /\p{Letter}/gu;

/** So much speech is somebody who speaks. */
const spokenMs = 500;

/** Whether a text is mostly in letters that are spoken neither in English nor in Chinese: what the model makes of noise. */
export function isOtherScript(text: string): boolean {
  const lettersIn = text.match(letters)?.length ?? 0;
  return lettersIn > 0 && 2 * (text.match(ownScripts)?.length ?? 0) < lettersIn;
}

export interface Doubts {
  /** The model does not much believe it. */
  readonly isUnsure: boolean;
  /** How much speech the detector heard; null where it was not asked. */
  readonly speechMs: number | null;
}

/** Whether a text is one of those that come of sound without words. */
export function isGhostPhrase(text: string, { isUnsure, speechMs }: Doubts): boolean {
  const plain = text.trim();
  if (isUnsure && isOtherScript(plain)) return true;
  if (neverSaid.some((phrase) => phrase.test(plain))) return true;
  const bare = plain.replaceAll(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '');
  const isBrief = speechMs === null ? isUnsure : speechMs < spokenMs;
  return isBrief && seldomSaid.some((phrase) => phrase.test(bare));
}

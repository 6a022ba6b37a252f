// What Whisper learned from subtitles and says of sound without words. Collected from public reports of apps that use it.

/** Credits and appeals of subtitles and channels, which nobody says in a conversation: gone however sure the model is. */
const neverSaid: readonly RegExp[] = [
  /amara\.org/i,
  /^(?:subtitles?|captions?|captioning|transcri(?:bed|ption)|translated|translation) (?:by|provided by|created by)\b/i,
  /^(?:sub(?:title)?s?|caption) ?(?:by|:)/i,
  /ming pao (?:canada|toronto)/i,
  /(?:like and|don'?t forget to) subscribe(?: to (?:the|my|our) channel)?[.!]*$/i,
  /yoyo television|优优独播|優優獨播/i,
  /字幕(?:由|by|製作|制作|组|組|志愿|志願|校对|校對|翻译|翻譯|提供|[:：])/i,
  /(?:中文|简体|繁体|英文|双语)字幕(?:由|by|志愿|志願|组|組|[:：]|$)/i,
  /不吝(?:点赞|點贊|點讚)/,
  /(?:支持|支援|打赏|打賞).{0,6}(?:明镜|明鏡)|(?:明镜|明鏡)(?:与|與|需要)|点点栏目|點點欄目/,
  /(?:请|請)?(?:订阅|訂閱).{0,8}(?:点赞|點贊|转发|轉發|频道|頻道)/,
  /(?:本|該|该)?(?:节目|節目|影片|视频|視頻).{0,6}(?:由.{0,12}(?:赞助|贊助|提供)|版权|版權)/,
];

/** What a learner may well say, and Whisper often makes up: gone where the model is unsure of it. */
const seldomSaid: readonly RegExp[] = [
  /^thanks?(?: you)?(?: so much| very much)? for (?:watching|listening|viewing)\b.*$/i,
  /^(?:please )?subscribe(?: to (?:the|my|our) channel)?$/i,
  /^see you (?:in the )?next (?:video|time)$/i,
  /^you$/i,
  /^(?:谢谢|謝謝|感谢|感謝)(?:大家|您|你|各位)?(?:的)?(?:观看|觀看|收看|收听|收聽)$/,
  /^(?:下期|下次)(?:再见|再見|见|見)$/,
];

const ownScripts = /[\p{Script=Latin}\p{Script=Han}]/gu;
const letters = /\p{Letter}/gu;

/** Whether a text is one of those that come of sound without words. `isUnsure`: the model does not much believe it. */
export function isGhostPhrase(text: string, isUnsure: boolean): boolean {
  const plain = text.trim();
  // English and Chinese are spoken here; another script is what the model makes of noise.
  const lettersIn = plain.match(letters)?.length ?? 0;
  if (lettersIn > 0 && 2 * (plain.match(ownScripts)?.length ?? 0) < lettersIn) return true;
  if (neverSaid.some((phrase) => phrase.test(plain))) return true;
  const bare = plain.replaceAll(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '');
  return isUnsure && seldomSaid.some((phrase) => phrase.test(bare));
}

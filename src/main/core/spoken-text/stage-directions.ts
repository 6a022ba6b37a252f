import { rule, type Rule } from './rule.js';

/** What a partner does with voice and face, rather than says: directions between any marks. */
const voiced =
  'smil|laugh|sigh|nod|grin|chuckl|giggl|wink|wav|paus|gasp|cough|whisper|shrug|blush|frown|sob|yawn|clap|cheer|bow|smirk|' +
  'snort|groan|moan|mumbl|murmur|gulp|sniff|sniffl|beam|hesitat|clear|cr(?=i|y)|applaud|exhal|inhal|stammer|stutter|squeal';

/** What is done with hands and feet: directions between stars only, since a sentence says it in brackets, too. */
const acted =
  'lean|look|glanc|gestur|point|think|tak|tilt|rais|scratch|rub|pat|hug|stretch|shak|blink|star|gaz|turn|walk|step|sit|stand|' +
  'roll|hand|adjust|sip|pour|open|clos|put|plac|pull|push|reach|touch|hold|lick|kiss|jump|danc|sing|hum|fidget|ponder|writ|' +
  'typ|wip|lower|lift|check|snap|drum|tap|peek|giv|pick|bring|mov|run|bounc|spin|offer|search|read|flip|set|straighten';

const thirdPerson = '(?:s|es|ies)';
const participle = '(?:[bdgmnpt]?ing|ying)';
const rest = '(?: [^*()[\\]\\n]{1,100})?';
const noun =
  '(?:laughter|applause|silence|music(?: playing| plays)?|pause|beat|sigh|chuckle|giggle|smile|grin|wink|nod|gasp|cough|sniff|laugh)';

const anyDirection = new RegExp(
  `^(?:(?:${voiced})(?:${thirdPerson}|${participle})${rest}|(?:\\p{Letter}+ly )?${noun}|` +
    '(?:soft|gentl|quiet|happi|cheerful|playful|excited|nervous|thoughtful|shy|warm)ly,? \\p{Letter}+(?:s|ing)|' +
    'in an? [^*()[\\]\\n]{1,40}(?:voice|tone|whisper)|with an? [^*()[\\]\\n]{0,40}(?:smile|grin|laugh|sigh|wink|nod|chuckle))$',
  'iu',
);
const starDirection = new RegExp(
  `^(?:(?:${acted})${thirdPerson} [^*()[\\]\\n]{1,100}|` +
    '(?:soft|gent|quiet|happi|cheerful|playful|excited|nervous|thoughtful|shy|warm)ly)$',
  'iu',
);
/** A direction's first word, of which more may come. */
const beginning = new RegExp(`^(?:(?:${voiced})(?:${thirdPerson}|${participle})|(?:${acted})${thirdPerson})$`, 'iu');

/** Whether words between two stars are what is done, and not what is said. */
export function isDirection(inner: string, hasStars: boolean): boolean {
  const bare = inner.trim().replace(/[.!…]+$/, '');
  if (!hasStars) return anyDirection.test(bare);
  const act = bare.replace(/^(?:he|she|they|i) /i, '');
  return anyDirection.test(act) || starDirection.test(act);
}

/** Whether what follows an opening mark may become a direction when more of it comes. */
export function mayBeDirection(inner: string): boolean {
  const [word = ''] = /^\p{Letter}+/u.exec(inner) ?? [];
  return word !== '' && beginning.test(word);
}

/** "*smiles warmly*", "(laughs)", "[sighs]": what stands between the marks is done and not said. */
function between(open: string, close: string, hasStars: boolean): Rule {
  return rule(
    new RegExp(`${open}([^*()[\\]_\\n]{2,140})${close}(?![\\p{Letter}\\p{Number}(])`, 'u'),
    ([, inner = ''], before, after) => {
      if (!isDirection(inner, hasStars)) return undefined;
      // "I *smiled* at him", "*Waves* are high" are stressed: a direction begins or ends what is said.
      const isInside = /[\p{Letter}\p{Number},]\s*$/u.test(before) && /^\s*\p{Lowercase}/u.test(after);
      return isInside || /^ (?:is|are|was|were|and|or|of|in|can|will|do|does|means?)\b/.test(after) ? undefined : null;
    },
  );
}

/** What is done and not said. */
export const stageDirections: readonly Rule[] = [
  between('\\*{1,3}', '\\*{1,3}', true),
  between('_', '_', true),
  between('[(（]', '[)）]', false),
  between('\\[', '\\]', false),
];

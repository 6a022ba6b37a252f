import { isSentenceStart, rule, silence, type Rule } from './rule.js';

/** What somebody in a play does; a model that plays a part writes it as "*smiles warmly*", "(laughs)", "[sighs]". */
const acts = (
  'smile laugh sigh nod chuckle grin giggle wink wave shrug pause lean look clear cough gasp clap point hand pour walk ' +
  'turn gesture raise think blink frown whisper bow hug sniff yawn gulp stare smirk beam cheer mutter stand sit step ' +
  'check adjust scratch tilt rub hum sing dance sneeze cry sob weep snort scoff glance gaze pat reach place take give put ' +
  'hold open close set bring write type stretch breathe exhale inhale swallow shake roll tap snap blush snicker squint ' +
  'hesitate applaud salute knock enter exit leave approach listen relax stutter stammer wipe pull push lift lower drop ' +
  'pick fold cross serve offer hands show flip read sip drink eat taste shiver jump rush run move shift slide rise'
).split(' ');
const forms = new Set(
  acts.flatMap((act) => {
    const stem = act.replace(/e$/, '');
    const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(act) ? `${act}${act.at(-1) ?? ''}ing` : `${stem}ing`;
    const third = /(?:s|sh|ch|x)$/.test(act)
      ? `${act}es`
      : /[^aeiou]y$/.test(act)
        ? `${act.slice(0, -1)}ies`
        : `${act}s`;
    return [third, `${stem}ing`, doubled];
  }),
);
const sounds =
  /^(?:(?:long |short |brief |soft |light |warm |loud )?(?:laughter|pause|silence|applause|music|chuckle|sigh|giggle|gasp|beat)(?: playing| plays)?|in (?:a|an) [\w ]+ (?:voice|tone))$/i;

function isDirection(content: string): boolean {
  if (sounds.test(content)) return true;
  const words = content.toLowerCase().match(/[a-z'’]+/g) ?? [];
  const verb = words.find(
    (word) => !/^(?:\w+ly|he|she|the|waiter|waitress|barista|clerk|teacher|also|then)$/.test(word),
  );
  return words.length > 0 && words.length <= 14 && verb !== undefined && forms.has(verb);
}

export const stageDirections: readonly Rule[] = [
  // One in stars begins a sentence or a line; within one, stars are emphasis.
  rule(/\*([^*\n]{2,120})\*(?!\*)/, ([, content = ''], before) =>
    isSentenceStart(before) && !before.endsWith('*') && isDirection(content) ? null : undefined,
  ),
  rule(/_([^_\n]{2,120})_(?![\w_])/, ([, content = ''], before) =>
    isSentenceStart(before) && isDirection(content) ? null : undefined,
  ),
  rule(/\(([^()\n]{2,120})\)|\[([^[\]\n]{2,120})\](?!\()|（([^（）\n]{2,120})）/, ([, round, square, wide]) =>
    isDirection(round ?? square ?? wide ?? '') ? silence() : undefined,
  ),
];

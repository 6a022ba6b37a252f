import type { EngineView, PartnerView } from '../../../shared/contract/app.js';
import type { Messages } from '../../i18n/messages.js';

export type Health = 'good' | 'demo' | 'waiting' | 'bad';

export interface ChipWords {
  readonly label: string;
  readonly health: Health;
}

/** What a chip says of an engine: its trouble where it has one, else what it really is. */
export function engineChip(
  engine: EngineView,
  words: { readonly starting: string; readonly failed: string; readonly demo: string },
): ChipWords {
  if (engine.state === 'failed') return { label: words.failed, health: 'bad' };
  if (engine.state === 'starting') return { label: words.starting, health: 'waiting' };
  return engine.demo ? { label: words.demo, health: 'demo' } : { label: engine.model, health: 'good' };
}

/** What a chip says of the partner. */
export function partnerChip(partner: PartnerView, { status }: Messages): ChipWords {
  return partner.kind === 'scripted'
    ? { label: status.scripted, health: 'demo' }
    : { label: partner.model, health: 'good' };
}

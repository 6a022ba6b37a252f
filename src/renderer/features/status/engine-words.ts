import { streamingRealTimeFactor, type EngineView, type PartnerView } from '../../../shared/contract/app.js';
import type { ComputeDevice } from '../../../shared/worker-contract.js';
import type { Messages } from '../../i18n/messages.js';

export type Health = 'good' | 'demo' | 'waiting' | 'bad';

export interface ChipWords {
  readonly label: string;
  readonly health: Health;
}

/** What a chip says of an engine: its trouble where it has one, else what it really is. */
export function engineChip(
  engine: EngineView,
  words: Readonly<Record<'starting' | 'failed' | 'stopped' | 'demo', string>>,
): ChipWords {
  if (engine.state === 'failed' || engine.state === 'stopped') return { label: words[engine.state], health: 'bad' };
  if (engine.state === 'starting') return { label: words.starting, health: 'waiting' };
  return engine.demo ? { label: words.demo, health: 'demo' } : { label: engine.model, health: 'good' };
}

const kinds: Readonly<Record<ComputeDevice['kind'], string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  vulkan: 'Vulkan',
  metal: 'Metal',
  other: 'GPU',
};

/** A device as the engine names it, e.g. `Vulkan · AMD Radeon RX 7800 XT`. */
export function deviceText({ kind, name }: ComputeDevice): string {
  return name === '' || name === kinds[kind] ? kinds[kind] : `${kinds[kind]} · ${name}`;
}

/** How fast a voice is, from its real-time factor, and whether it keeps the learner waiting. */
export function voiceSpeedText(status: Messages['status'], realTimeFactor: number): string {
  const work = status.voiceWork(String(Number(realTimeFactor.toPrecision(2))));
  return realTimeFactor < streamingRealTimeFactor ? work : `${work} · ${status.voiceSlow}`;
}

/** Whether the learner can have the engine tried again: it does not run, or not as well as it might. */
export function canBeTriedAgain({ state, fallback }: EngineView): boolean {
  return state === 'failed' || state === 'stopped' || (state === 'ready' && fallback !== null);
}

/** What a chip says of the partner. */
export function partnerChip(partner: PartnerView, { status }: Messages): ChipWords {
  return partner.kind === 'scripted'
    ? { label: status.scripted, health: 'demo' }
    : { label: partner.model, health: 'good' };
}

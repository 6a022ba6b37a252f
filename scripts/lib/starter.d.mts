export function readDistArguments(given: readonly string[]): {
  readonly withStarter: boolean;
  readonly forModels: readonly string[];
  readonly forBuilder: readonly string[];
};

export function fetchStarter(options: {
  readonly node: string;
  readonly script: string;
  readonly folder: string;
  readonly forModels?: readonly string[];
}): readonly string[];

/** A reason to stop that its reader can do something about; the message is all there is to say. */
export class Refusal extends Error {}

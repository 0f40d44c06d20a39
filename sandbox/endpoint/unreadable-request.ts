/** A request whose text is not what its protocol demands. */
export class UnreadableRequest extends Error {}

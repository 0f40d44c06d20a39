/** Chance as a function: the same parts give the same number, in any order and as often as one asks. */

/** 32 bits of a text (FNV-1a). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** From 0 (inclusive) to 1 (exclusive). */
export function noise(seed: number, a: number, b = 0): number {
  let mixed = (seed ^ Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4294967296;
}

export function hexOf(seed: number, salt: number, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++)
    text += Math.floor(noise(seed, salt, i) * 0x10000)
      .toString(16)
      .padStart(4, '0');
  return text.slice(0, length);
}

import { canonical } from '../../cloudformation/values';
import type { Document } from '../service';
import { invalidArgument } from './errors';
import { hashOf } from './noise';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/** One page of items. A token belongs to the request that it was given for: another one cannot go on with it. */
export function page<Item>(items: readonly Item[], request: Document, defaultSize: number): Page<Item> {
  const { NextToken, MaxResults, ...rest } = request;
  const size = MaxResults || defaultSize;
  if (NextToken === undefined && items.length <= size) return { items };
  const mark = hashOf(canonical(rest)).toString(16);
  const offset = NextToken === undefined ? 0 : decode(NextToken, mark);
  const end = offset + size;
  const shown = items.slice(offset, end);
  return end < items.length ? { items: shown, NextToken: encode(mark, end) } : { items: shown };
}

function encode(mark: string, offset: number): string {
  return Buffer.from(`pi:${mark}:${offset}`).toString('base64url');
}

function decode(token: string, mark: string): number {
  const [service, request, offset] = Buffer.from(token, 'base64url').toString().split(':');
  if (service !== 'pi' || request !== mark) {
    throw invalidArgument('NextToken is not one that this request was given; repeat the request as it was');
  }
  return Number(offset);
}

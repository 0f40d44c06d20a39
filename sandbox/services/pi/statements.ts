import type { Family } from './families';
import { hashOf, hexOf, noise } from './noise';

/** A statement as it ran, and its digest, in which literals are question marks. */
export interface Statement {
  readonly text: string;
  readonly digest: string;
  readonly id: string;
  readonly databaseId: string;
  readonly digestId: string;
  readonly digestDatabaseId: string;
}

/** Ids follow from the text, so the same statement has the same ids everywhere. */
export function statementOf(text: string): Statement {
  const digest = text.replace(/'[^']*'/g, '?').replace(/\b\d+\b/g, '?');
  const [own, common] = [hashOf(text), hashOf(digest)];
  return {
    text,
    digest,
    id: hexOf(own, 1, 40).toUpperCase(),
    // The form of ids that Performance Insights makes itself.
    databaseId: `pi-${own}`,
    digestId: hexOf(common, 2, 40).toUpperCase(),
    digestDatabaseId: `pi-${common}`,
  };
}

/** What runs in a database of a family; one of the statements is longer than an element of an answer can be. */
export function statementsOf(family: Family, seed: number): Statement[] {
  const texts = family.name === 'docdb' ? QUERIES : SQL;
  return texts.map((text, index) => statementOf(text.replaceAll('{n}', String(Math.floor(noise(seed, index) * 1e6)))));
}

const LONG_LIST = Array.from({ length: 90 }, (_, index) => `'item-${index}'`).join(', ');

const SQL = [
  'SELECT * FROM orders WHERE customer_id = {n}',
  'UPDATE stock SET amount = amount - 1 WHERE article_id = {n}',
  `SELECT article_id, price FROM articles WHERE code IN (${LONG_LIST})`,
  'INSERT INTO events (customer_id, kind) VALUES ({n}, {n})',
  'SELECT count(*) FROM visits WHERE day = {n}',
  'DELETE FROM sessions WHERE expires < {n}',
  'SELECT c.name, sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name',
  'UPDATE customers SET seen = {n} WHERE id = {n}',
  'SELECT * FROM carts WHERE id = {n} FOR UPDATE',
  'INSERT INTO invoices SELECT * FROM orders WHERE month = {n}',
  'COMMIT',
  'SELECT 1',
];

const QUERIES = [
  '{"find": "orders", "filter": {"customer": {n}}}',
  '{"update": "stock", "updates": [{"q": {"article": {n}}}]}',
  `{"find": "articles", "filter": {"code": {"$in": [${LONG_LIST}]}}}`,
  '{"insert": "events"}',
  '{"count": "visits", "query": {"day": {n}}}',
  '{"delete": "sessions", "deletes": [{"q": {"expires": {n}}}]}',
  '{"aggregate": "orders", "pipeline": [{"$group": {"_id": "$customer"}}]}',
  '{"ping": 1}',
];

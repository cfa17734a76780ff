/**
 * What is not mutated: types, what is written for people, checks of arguments, and where words lie.
 *
 * @module
 */
import ts from "typescript";

/** Functions that make messages, or show a snapshot to people. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  "inspect",
  "inspectState",
  "waiters",
  "stateError",
  "deadlockError",
  "#deadlock",
  "#abandoned",
  "#name",
  "#noteSince",
  "#forgetSince",
  "cannotBlock",
  "brokenError",
]);

/** Constants that say where a word lies: one more moves it for everybody. */
const OFFSETS: ReadonlySet<string> = new Set([
  "MAX",
  "SINGLES",
  "SEVERAL",
  "POINT",
  "GENERATION",
  "PARTIES",
  "TIMEOUT",
  "BROKE",
  "ACTOR",
  "SUMMARY",
  "MAP",
  "POINT_WORDS",
  "SPACE",
  "FINISHED",
  "DONES",
]);
/** As these, but elsewhere the name means something else. */
const OFFSETS_IN: ReadonlySet<string> = new Set([
  "sys/readers.ts COUNTS",
  "sys/readers.ts READERS_BYTES",
  "sys/shared-mutex.ts SHARED_MUTEX_BYTES",
  "channel/ring.ts HEADER_BYTES",
  "channel/ring.ts SIZE",
  "channel/ring.ts FORM",
  "channel/doorbell.ts DOORBELL_BYTES",
  "channel/claims.ts CLAIM",
  "channel/claims.ts PROGRESS",
  "channel/claims.ts ABORTED",
  "channel/claims.ts WORDS",
]);

/** The counters of a mutex that only `inspect` reads. */
const COUNTERS = /\bcounted\b|\bBLOCKED\b|#(?:note|forget)Since\(/;

/** Whether nothing within `node` is mutated. */
export function isSkipped(node: ts.Node, file: string): boolean {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return true;
  if (ts.isThrowStatement(node)) return true;
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  // A check of an argument, or of a memory that is attached.
  if (ts.isIfStatement(node) && /\btypeof\b|Number\.isInteger|Cannot attach/.test(node.getText())) return true;
  if (ts.isVariableDeclaration(node)) return isOffset(node.name.getText(), file);
  if (ts.isMethodDeclaration(node) || ts.isGetAccessor(node) || ts.isFunctionDeclaration(node)) return FOR_PEOPLE.has(node.name?.getText() ?? "");
  // `offset >> 2`: bytes to words.
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.GreaterThanGreaterThanToken) return /\boffset\b/.test(node.left.getText());
  if (file === "sys/mutex.ts" && (ts.isIfStatement(node) || ts.isExpressionStatement(node) || ts.isVariableStatement(node)))
    return COUNTERS.test(node.getText());
  return false;
}

function isOffset(name: string, file: string): boolean {
  return OFFSETS.has(name) || OFFSETS_IN.has(`${file} ${name}`);
}

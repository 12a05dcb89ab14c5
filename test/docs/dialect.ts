/** A pattern that readers stumble over, and the advice on what to write instead. */
export interface Pattern {
  readonly name: string;
  readonly regex: RegExp;
  /** Whether a question may look like this. @default false */
  readonly unlessQuestion?: boolean;
  readonly advice: string;
}

/** Signs in front of the first word of a sentence: quotation marks, brackets, emphasis. */
const START = String.raw`^["“‘(*_\s]*`;
/** What can stand between `has` and a participle for the pattern "has something done". */
const SOMETHING = String.raw`(?:everything|all|it|them|these|those|each|(?:the|a|an|its|their|your) [\w-]+|[\w-]+s)`;
const DONE =
  'read|sent|built|made|done|deleted|written|discarded|looked|told|shown|begin|drawn|handled|taken|tried|counted|kept|run|answered|closed';
/** No word that begins another clause. */
const NO_CLAUSE = String.raw`(?!(?:what|who|that|which|and|or|to|is|are|was|were)\b)`;
const atStart = (words: string) => new RegExp(`${START}(?:${words})\\b`);

/** The dialect that the project's prose once had. Each entry was found in it. */
export const dialect: readonly Pattern[] = [
  {
    name: 'Gives',
    regex: atStart('Gives'),
    advice: 'Say what the function does: Returns, Reads, Counts, Builds, Throws.',
  },
  {
    name: 'whoever',
    regex: /\b(?:whoever|whomever|whosoever)\b/i,
    advice: 'Name the actor: the caller, the administrator, the person who signed up; or say "you" or "anyone who".',
  },
  {
    name: 'Whatever at the start',
    regex: atStart('Whatever'),
    advice: 'Name the thing: "Anything else that fails …", "Every error …".',
  },
  {
    name: 'of now, of then, of before',
    regex: /\bof (?:now|then|before)\b(?! the\b| and then\b)/i,
    advice: 'Write "current", "at that time", "earlier"; or say from when on something holds.',
  },
  {
    name: 'has something done',
    regex: new RegExp(
      `${START}(?:Has|Have)\\b|\\b(?:has|have|having|had) ${SOMETHING}(?: ${NO_CLAUSE}[\\w-]+){0,2} (?:${DONE})\\b`,
    ),
    unlessQuestion: true,
    advice: 'Say who does it: "Sends a link", "The service reads everything again".',
  },
  { name: 'by which', regex: /\bby which\b/i, advice: 'Write "with which", "from which", or two sentences.' },
  { name: 'for what it is', regex: /\bfor what (?:it|they) (?:is|are|was|were)\b/i, advice: 'Name the reason.' },
  {
    name: 'is told of, is told by whom',
    regex: /\b(?:is|are|was|were|be|being|been) told (?:of|nowhere)\b|\btells? of\b/i,
    advice: 'Write "is notified of", "an e-mail reports", "knows about".',
  },
  {
    name: 'what is … is',
    regex: new RegExp(
      String.raw`\bwhat (?:is|are|was|were|has|have|had)(?: ${NO_CLAUSE}[\w'’…\`-]+){0,8} (?:is|are|was|were)\b`,
      'i',
    ),
    unlessQuestion: true,
    advice: 'Name the thing: "The time zone that was stored is …".',
  },
  {
    name: 'a sentence that begins with What or Who and is no question',
    regex: atStart('What|Who|Whom|Whose'),
    unlessQuestion: true,
    advice: 'Begin with the subject: "Fields that …", "The caller …".',
  },
  {
    name: 'a clause that begins with who and no person',
    regex: /(?:\b(?:so that|because|but|unless|although|while)|[;:]) who \w+/i,
    unlessQuestion: true,
    advice: 'Name the person: "a caller who …".',
  },
  {
    name: 'has not the',
    regex: /\b(?:has|have|had) not (?:the|a|an|any)\b/i,
    advice: 'Write "does not have".',
  },
  { name: 'exists not', regex: /\b(?:exists|stands|knows|says) not\b/i, advice: 'Write "does not exist".' },
  {
    name: 'is no more',
    regex: /(?<!\bthere )\b(?:is|are|was|were) no more\b(?! than\b| \w+s\b)/i,
    advice: 'Write "no longer exists".',
  },
  { name: 'comes to nothing', regex: /\b(?:comes?|came) to nothing\b/i, advice: 'Write "has no effect".' },
  { name: 'goes on behind', regex: /\b(?:goes?|going|went) on behind\b/i, advice: 'Write "continues after".' },
  {
    name: 'the same again',
    regex: /\bthe same again\b|\bnow do it again\b|\bdo it again\b/i,
    advice: 'To a user: "Try again." Elsewhere: "a retry", "the same request again".',
  },
  {
    name: 'at this moment',
    regex: /\bat this (?:very )?moment\b/i,
    advice: 'Write "at the same time", "meanwhile" or "now".',
  },
  {
    name: 'Look into your mailbox',
    regex: /\blook into (?:your|the|their) mailbox\b/i,
    advice: 'Write "Check your inbox".',
  },
  {
    name: 'a customer is ended by',
    regex: /\b(?:is|are|was|were|be) ended by\b/i,
    advice: 'Say who does what: "To cancel a paid plan, contact us".',
  },
];

/** Returns the patterns that a sentence matches. */
export function dialectIn(sentence: string): Pattern[] {
  const isQuestion = /\?["”’)*_]*$/.test(sentence.trim());
  return dialect.filter(({ regex, unlessQuestion = false }) => regex.test(sentence) && !(unlessQuestion && isQuestion));
}

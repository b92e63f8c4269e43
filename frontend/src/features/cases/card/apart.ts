/** One of two versions of a text: what both begin with, what only this one says, what both end with. */
export interface Version {
  before: string;
  own: string;
  after: string;
}

/** So much of what both say is shown beside what differs. */
const AROUND = 60;

/** Where words begin, the end of the text included. */
function borders(text: string): number[] {
  return [...text.matchAll(/(?<=\s)(?=\S)|(?<=\S)(?=\s)|^|$/gu)].map((border) => border.index);
}

function commonStart(one: string, other: string): number {
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same += 1;
  const others = new Set(borders(other));
  return Math.max(...borders(one).filter((border) => border <= same && others.has(border)));
}

const reversed = (text: string): string => text.split("").reverse().join("");

const tail = (text: string): string => {
  if (text.length <= AROUND) return text;
  const near = text.length - AROUND;
  const from = borders(text).find((border) => border >= near && /\S/u.test(text.charAt(border))) ?? near;
  return `…${text.slice(from)}`;
};

const head = (text: string): string => {
  if (text.length <= AROUND) return text;
  const to = Math.max(...borders(text).filter((border) => border <= AROUND));
  return `${text.slice(0, to)}…`;
};

/**
 * Two versions of one text, by whole words; of a long beginning or end that both have only what is next to the
 * difference, so that two letters that begin alike do not hide what was changed in them.
 */
export function apart(mine: string, theirs: string): [Version, Version] {
  const start = commonStart(mine, theirs);
  const end = commonStart(reversed(mine.slice(start)), reversed(theirs.slice(start)));
  const cut = (text: string): Version => ({
    before: tail(text.slice(0, start)),
    own: text.slice(start, text.length - end),
    after: head(text.slice(text.length - end)),
  });
  return [cut(mine), cut(theirs)];
}

import { describe, expect, it } from "vitest";
import { createParser, type StreamEvent } from "./parse";

const STREAM =
  'retry: 3000\n\nevent: hello\ndata: {"unread":2}\n\n: still here\n\nevent: case\r\ndata: {"id":"a"}\r\n\r\ndata: one\ndata:two\n\nevent: empty\n\n';

const EVENTS: StreamEvent[] = [
  { event: "hello", data: '{"unread":2}' },
  { event: "case", data: '{"id":"a"}' },
  { event: "message", data: "one\ntwo" },
];

function parse(pieces: string[]): { events: StreamEvent[]; retry: number | null } {
  const events: StreamEvent[] = [];
  const parser = createParser((event) => events.push(event));
  for (const piece of pieces) parser.push(piece);
  return { events, retry: parser.retry() };
}

describe("createParser", () => {
  it("reads events, heartbeats and the pause the server asks for", () => {
    expect(parse([STREAM])).toEqual({ events: EVENTS, retry: 3000 });
  });

  it("reads the same wherever the network cuts the text", () => {
    for (let size = 1; size < 40; size += 1) {
      const pieces = STREAM.match(new RegExp(`[\\s\\S]{1,${size.toString()}}`, "g")) ?? [];
      expect(parse(pieces).events, `pieces of ${size.toString()}`).toEqual(EVENTS);
    }
  });

  it("keeps an unfinished event to itself", () => {
    expect(parse(["event: case\ndata: {}"]).events).toEqual([]);
  });
});

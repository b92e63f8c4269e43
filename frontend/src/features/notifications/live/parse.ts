export interface StreamEvent {
  event: string;
  data: string;
}

export interface StreamParser {
  /** Takes the next piece of text, cut anywhere. */
  push: (text: string) => void;
  /** Milliseconds the server asked to wait before coming back; null when it did not say. */
  retry: () => number | null;
}

/**
 * Reads `text/event-stream` (WHATWG HTML §9.2.6): lines end with LF, CR or CRLF, an empty line ends an event,
 * lines that begin with a colon are heartbeats. Events without data are none.
 */
export function createParser(onEvent: (event: StreamEvent) => void): StreamParser {
  let rest = "";
  let event = "";
  let data: string[] = [];
  let retry: number | null = null;
  let endedWithCr = false;

  const field = (name: string, value: string): void => {
    if (name === "event") event = value;
    else if (name === "data") data.push(value);
    else if (name === "retry" && /^\d+$/.test(value)) retry = Number(value);
  };
  const line = (text: string): void => {
    if (text === "") {
      if (data.length > 0) onEvent({ event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    if (colon === -1) field(text, "");
    else field(text.slice(0, colon), text.slice(colon + 1).replace(/^ /, ""));
  };

  return {
    retry: () => retry,
    push: (text) => {
      let fresh = text;
      // The other half of a CRLF that was cut in two.
      if (endedWithCr && fresh.startsWith("\n")) fresh = fresh.slice(1);
      if (text !== "") endedWithCr = fresh.endsWith("\r");
      const lines = (rest + fresh).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? "";
      for (const one of lines) line(one);
    },
  };
}

import { App } from "antd";
import { useEffect, useRef, useState } from "react";
import { isApiError, networkError, type ApiError } from "@/shared/api/problem";
import type { CaseQuery } from "../api/cases";
import { formatSize } from "../files/check";
import { exportCases, type ExportFormat } from "./export";
import { listTexts } from "./texts";

export interface Export {
  /** Bytes received so far; null while nothing runs. */
  received: number | null;
  failure: ApiError | null;
  start: (query: CaseQuery, format: ExportFormat) => void;
  stop: () => void;
}

/** One export at a time; leaving the list stops it. */
export function useExport(): Export {
  const { message } = App.useApp();
  const [received, setReceived] = useState<number | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = (): void => {
    running.current?.abort();
  };
  useEffect(() => stop, []);

  const run = async (query: CaseQuery, format: ExportFormat): Promise<void> => {
    if (running.current) return;
    const control = new AbortController();
    running.current = control;
    let size = 0;
    setFailure(null);
    setReceived(0);
    try {
      await exportCases(query, format, {
        signal: control.signal,
        onBytes: (count) => {
          size = count;
          setReceived(count);
        },
      });
      void message.success(listTexts.now().export.done(formatSize(size)));
    } catch (error) {
      // A stream that breaks off throws nothing of ours: the connection is what failed.
      if (!control.signal.aborted) setFailure(isApiError(error) ? error : networkError());
    } finally {
      running.current = null;
      setReceived(null);
    }
  };
  return { received, failure, start: (query, format) => void run(query, format), stop };
}

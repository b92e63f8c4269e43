import { useEffect, useRef, useState } from "react";
import { useLimits } from "@/shared/api/limits";
import { keepFiles, readFiles } from "@/shared/draft-files";
import { checkFiles, type Refused } from "../files/check";

export interface DraftFiles {
  files: readonly File[];
  refused: readonly Refused[];
  /** Names the draft remembers although the browser lost their content. */
  lost: readonly string[];
  add: (incoming: readonly File[]) => void;
  remove: (file: File) => void;
  refuse: (refused: readonly Refused[]) => void;
  clear: () => void;
  cannotKeep: boolean;
}

/** Files of a draft: checked when chosen, kept through a reload. */
export function useDraftFiles(
  userId: string,
  name: string,
  namesInDraft: readonly string[],
  onNames: (names: string[]) => void,
): DraftFiles {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [lost, setLost] = useState<readonly string[]>([]);
  const [cannotKeep, setCannotKeep] = useState(false);
  const limits = useLimits();
  const expected = useRef(namesInDraft);
  const touched = useRef(false);

  useEffect(() => {
    let isCurrent = true;
    void readFiles(userId, name).then((kept) => {
      if (!isCurrent || touched.current) return;
      setFiles(kept);
      setLost(expected.current.filter((known) => !kept.some((file) => file.name === known)));
    });
    return () => {
      isCurrent = false;
    };
  }, [userId, name]);

  const put = (next: readonly File[], stillLost: readonly string[]): void => {
    touched.current = true;
    setFiles(next);
    setLost(stillLost);
    onNames([...next.map((file) => file.name), ...stillLost]);
    void keepFiles(userId, name, next).then((isKept) => {
      setCannotKeep(!isKept);
    });
  };

  const add = (incoming: readonly File[]): void => {
    const { accepted, refused: wrong } = checkFiles(files, incoming, limits);
    setRefused(wrong);
    const stillLost = lost.filter((known) => !accepted.some((file) => file.name === known));
    if (accepted.length > 0) put([...files, ...accepted], stillLost);
  };
  const remove = (file: File): void => {
    const next = files.filter((known) => known !== file);
    setRefused([]);
    put(next, lost);
  };
  const clear = (): void => {
    put([], []);
    setRefused([]);
  };

  return { files, refused, lost, add, remove, refuse: setRefused, clear, cannotKeep };
}

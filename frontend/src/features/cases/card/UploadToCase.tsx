import { useState } from "react";
import { useLimits } from "@/shared/api/limits";
import { isApiError, toApiError } from "@/shared/api/problem";
import type { CaseCard } from "@/shared/api/types";
import { uploadFile } from "../api/attachments";
import { useReloadCard } from "../api/cases";
import { checkFiles, type Refused } from "../files/check";
import { RefusedFiles } from "../files/ChosenFiles";
import { DropArea } from "../files/DropArea";
import { UploadProgress } from "../files/UploadProgress";

/** Adds files to a case, one request each: a refused file does not take the others with it. */
export function UploadToCase({ card }: { card: CaseCard }) {
  const limits = useLimits();
  const reload = useReloadCard(card.public_id);
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [share, setShare] = useState<number | null>(null);

  const send = async (incoming: File[]): Promise<void> => {
    if (share !== null) return;
    const { accepted, refused: wrong } = checkFiles([], incoming, limits);
    const failures: Refused[] = [...wrong];
    setRefused(failures);
    for (const [index, file] of accepted.entries()) {
      setShare(index / accepted.length);
      try {
        await uploadFile(card.id, file, {
          onProgress: (part) => {
            setShare((index + part) / accepted.length);
          },
        });
      } catch (error) {
        const problem = toApiError(error);
        failures.push({ name: file.name, reason: problem.errors[0]?.message ?? problem.detail });
        if (isApiError(error) && (error.status === 401 || error.status === 403)) break;
      }
    }
    setShare(null);
    setRefused([...failures]);
    if (accepted.length > 0) await reload();
  };

  return (
    <div style={{ marginTop: 10 }}>
      <DropArea onFiles={(files) => void send(files)} disabled={share !== null} />
      {share === null ? null : <UploadProgress share={share} />}
      <RefusedFiles
        refused={refused}
        onClose={() => {
          setRefused([]);
        }}
      />
    </div>
  );
}

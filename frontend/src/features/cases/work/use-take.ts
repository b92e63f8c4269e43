import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { toApiError, type ApiError } from "@/shared/api/problem";
import type { CaseCard } from "@/shared/api/types";
import { caseKeys, putCard } from "../api/cases";
import { conflictWords, takeCase } from "./actions";
import { workTexts } from "./texts";

/** Taking is a race: the one who lost it is told by whom, and sees the case as it is now. */
export function useTake(card: CaseCard) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [isTaking, setIsTaking] = useState(false);
  const [lost, setLost] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);

  const take = async (): Promise<void> => {
    if (isTaking) return;
    setIsTaking(true);
    setLost(null);
    setFailure(null);
    try {
      putCard(client, await takeCase(card));
      void message.success(workTexts.now().taken);
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.status === 409) {
        setLost(conflictWords(error));
        void client.invalidateQueries({ queryKey: caseKeys.all });
      } else setFailure(error);
    } finally {
      setIsTaking(false);
    }
  };
  const forget = (): void => {
    setLost(null);
  };
  return { take: () => void take(), isTaking, lost, forget, failure };
}

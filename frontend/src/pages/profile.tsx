import { AccountFacts } from "@/features/accounts/profile/AccountFacts";
import { LookSettings } from "@/features/accounts/profile/LookSettings";
import { OwnDataForm } from "@/features/accounts/profile/OwnDataForm";
import { Sessions } from "@/features/accounts/profile/Sessions";
import { profileTexts } from "@/features/accounts/profile/texts";
import type { DeskPage } from "@/shared/session/access-rule";
import { Page, Sheet } from "@/shared/ui/Page";

const ProfilePage: DeskPage = () => {
  const t = profileTexts.use();
  return (
    <Page title={t.title} narrow>
      <Sheet title={t.own}>
        <OwnDataForm />
      </Sheet>
      <Sheet title={t.account}>
        <AccountFacts />
      </Sheet>
      <Sheet title={t.look}>
        <LookSettings />
      </Sheet>
      <Sheet title={t.sessions}>
        <Sessions />
      </Sheet>
    </Page>
  );
};

export default ProfilePage;

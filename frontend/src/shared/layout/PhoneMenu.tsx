import { Drawer } from "antd";
import { SideMenu } from "./SideMenu";
import { layoutTexts } from "./texts";

/** The sections on a phone: they slide in from the side. */
export function PhoneMenu({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = layoutTexts.use();
  return (
    <Drawer
      open={open}
      placement="left"
      size={260}
      title={t.sections}
      styles={{ body: { padding: 0 } }}
      onClose={onClose}
    >
      <SideMenu folded={false} onNavigate={onClose} />
    </Drawer>
  );
}

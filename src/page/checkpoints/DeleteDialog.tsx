import { Button, Group, Modal } from '@mantine/core';

interface Props {
  readonly opened: boolean;
  readonly title: string;
  readonly text: string;
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

export function DeleteDialog({ opened, title, text, onClose, onDelete }: Props) {
  const confirm = () => {
    onDelete();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <p>{text}</p>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button color="red.9" onClick={confirm}>
          Delete
        </Button>
      </Group>
    </Modal>
  );
}

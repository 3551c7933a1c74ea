import { useStore } from 'zustand';
import { formatBytes } from '../shell/format';
import { Refused } from './Refused';
import { SetupCard } from './SetupCard';
import styles from './setup.module.css';
import { type SetupState, setupStore } from './setupStore';
import { WebGpuAdvice } from './WebGpuAdvice';

const selectDevice = ({ device }: SetupState) => device;

export function DeviceCard() {
  const device = useStore(setupStore, selectDevice);
  return (
    <SetupCard number={1} title="Device" state={device.state}>
      {device.state === 'opening' && <p className="soft">{device.label}…</p>}
      {device.state === 'problem' && (
        <>
          <Refused failure={device.failure} />
          {device.failure.kind === 'noWebGpu' && <WebGpuAdvice software={false} />}
        </>
      )}
      {device.state === 'ready' && (
        <>
          <p className={styles.headline}>{device.value.name}</p>
          <p className={`${styles.facts} small`}>
            {[
              device.value.backend,
              device.value.f16 ? '16-bit arithmetic' : '32-bit arithmetic only',
              device.value.subgroups ? 'subgroups' : null,
              `buffers up to ${formatBytes(device.value.maxBufferBytes)}`,
              `bindings up to ${formatBytes(device.value.maxBindingBytes)}`,
            ]
              .filter((fact) => fact !== null && fact !== '')
              .join(' · ')}
          </p>
          {device.value.software && <WebGpuAdvice software />}
        </>
      )}
    </SetupCard>
  );
}

import { Laptop } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { errorText, useMessages } from '../../i18n/language.js';
import { useViewModel } from '../../view-model.js';
import { Button } from '../../ui/button.js';
import { Spinner } from '../../ui/spinner.js';
import styles from './account.module.css';
import { day, dayAndHour } from './moments.js';
import { useAccountAction } from './use-account-action.js';

/** Where the account is signed in. */
export function DeviceList() {
  const messages = useMessages();
  const { account: words } = messages;
  const viewModel = useViewModel();
  const devices = useStore(viewModel.account.store, (state) => state.devices);
  const loadError = useStore(viewModel.account.store, (state) => state.devicesError);
  const action = useAccountAction('revoke-device');
  const [revoking, setRevoking] = useState<string | null>(null);

  useEffect(() => {
    void viewModel.account.loadDevices();
  }, [viewModel]);

  return (
    <section className={styles.part}>
      <h3 className={styles.title}>{words.devices}</h3>
      {loadError !== null && (
        <div className={styles.submitRow} role="alert">
          <p className={styles.error}>{errorText(messages, loadError)}</p>
          <Button onClick={() => void viewModel.account.loadDevices()}>{messages.retry}</Button>
        </div>
      )}
      {devices === null && loadError === null && (
        <p className={styles.quiet} role="status">
          <Spinner /> {words.loadingDevices}
        </p>
      )}
      {devices !== null && (
        <ul className={styles.devices}>
          {devices.map((device) => (
            <li key={device.id} className={styles.device}>
              <Laptop size="1.25em" aria-hidden />
              <div className={styles.deviceWords}>
                <p className={styles.deviceName}>
                  {device.name}
                  {device.isThis && <span className={styles.badge}>{words.thisDevice}</span>}
                </p>
                <p className={styles.quiet}>
                  {words.deviceUsed(dayAndHour(device.usedTime, messages))} ·{' '}
                  {words.deviceSince(day(device.signedInTime, messages))}
                </p>
              </div>
              {!device.isThis && (
                <Button
                  aria-label={words.revokeName(device.name)}
                  aria-disabled={action.blocked}
                  onClick={() => {
                    setRevoking(device.id);
                    void viewModel.account.revokeDevice(device.id);
                  }}
                >
                  {action.busy && revoking === device.id && <Spinner />}
                  {words.revoke}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {action.error !== null && (
        <p role="alert" className={styles.error}>
          {errorText(messages, action.error)}
        </p>
      )}
      {devices?.some((device) => !device.isThis) === true && <p className={styles.quiet}>{words.revokeHint}</p>}
    </section>
  );
}

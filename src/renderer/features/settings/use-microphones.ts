import { useEffect, useState } from 'react';

/** The microphones there are. Browsers tell their names only once one may be used: `asked` looks again. */
export function useMicrophones(asked: boolean): readonly MediaDeviceInfo[] {
  const [microphones, setMicrophones] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Missing where the page is not served securely; then opening one tells the same.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) return;
    let gone = false;
    const look = () => {
      void devices.enumerateDevices().then((all) => {
        if (!gone) setMicrophones(all.filter(({ kind }) => kind === 'audioinput'));
      });
    };
    look();
    devices.addEventListener('devicechange', look);
    return () => {
      gone = true;
      devices.removeEventListener('devicechange', look);
    };
  }, [asked]);
  return microphones;
}

import type { ListenerTrust, TrustSteps } from './contract/trust.ts'
import type { AuthorityCertificate } from './local-ca.ts'

/** An authority and how to trust it, first on `platform`. One that is kept in memory alone goes with the gateway: there is nothing to trust. */
export function describeTrust(authority: AuthorityCertificate, platform: NodeJS.Platform): ListenerTrust {
  return { ...authority, steps: authority.file === null ? [] : trustSteps(authority.file, platform) }
}

function trustSteps(file: string, platform: NodeJS.Platform): TrustSteps[] {
  const inShell = `'${file.replaceAll("'", `'\\''`)}'`
  // PowerShell doubles a quote inside quotes.
  const inPowerShell = `'${file.replaceAll("'", "''")}'`
  const linux = [debian(inShell), fedora(inShell), chromium(inShell)]
  const others = [firefox(file), oneProgram(inShell)]
  if (platform === 'darwin') return [macos(inShell), ...others, ...linux, windows(inPowerShell)]
  if (platform === 'win32') return [windows(inPowerShell), ...others, ...linux, macos(inShell)]
  return [...linux, ...others, macos(inShell), windows(inPowerShell)]
}

const nickname = 'sluice-local-ca'

function debian(file: string): TrustSteps {
  const copy = `/usr/local/share/ca-certificates/${nickname}.crt`
  return {
    title: 'Debian, Ubuntu: curl, wget, OpenSSL',
    commands: [`sudo install -m 0644 ${file} ${copy}`, 'sudo update-ca-certificates'],
    note: 'Chromium and Firefox have lists of their own.',
    undo: [`sudo rm ${copy}`, 'sudo update-ca-certificates --fresh'],
  }
}

function fedora(file: string): TrustSteps {
  const copy = `/etc/pki/ca-trust/source/anchors/${nickname}.crt`
  return {
    title: 'Fedora, RHEL: curl, OpenSSL, Firefox, Chromium',
    commands: [`sudo install -m 0644 ${file} ${copy}`, 'sudo update-ca-trust'],
    note: null,
    undo: [`sudo rm ${copy}`, 'sudo update-ca-trust'],
  }
}

function chromium(file: string): TrustSteps {
  const list = '-d sql:"$HOME/.pki/nssdb"'
  return {
    title: 'Chromium, Chrome and Edge on Linux',
    commands: ['mkdir -p "$HOME/.pki/nssdb"', `certutil ${list} -A -t C,, -n ${nickname} -i ${file}`],
    note: 'certutil is in the package libnss3-tools (Debian) or nss-tools (Fedora). Start the browser again afterwards.',
    undo: [`certutil ${list} -D -n ${nickname}`],
  }
}

function firefox(file: string): TrustSteps {
  return {
    title: 'Firefox',
    commands: [],
    note: `Settings, Privacy & Security, View Certificates, Authorities, Import: choose ${file} and tick "Trust this CA to identify websites".`,
    undo: [],
  }
}

function oneProgram(file: string): TrustSteps {
  return {
    title: 'One program alone, with nothing installed',
    commands: [
      `curl --cacert ${file} https://localhost:PORT/`,
      `NODE_EXTRA_CA_CERTS=${file} node app.js`,
      `SSL_CERT_FILE=${file} python3 app.py`,
    ],
    note: 'PORT is that of the listener. With SSL_CERT_FILE a program trusts nothing but this.',
    undo: [],
  }
}

function macos(file: string): TrustSteps {
  return {
    title: 'macOS: Safari, Chrome, curl',
    commands: [`security add-trusted-cert -r trustRoot -p ssl -k "$HOME/Library/Keychains/login.keychain-db" ${file}`],
    note: 'For this user alone. macOS asks for the password.',
    undo: [`security remove-trusted-cert ${file}`],
  }
}

function windows(file: string): TrustSteps {
  return {
    title: 'Windows: Edge, Chrome, PowerShell',
    commands: [`Import-Certificate -FilePath ${file} -CertStoreLocation Cert:\\CurrentUser\\Root`],
    note: 'In PowerShell, for this user alone. Windows shows the fingerprint and asks.',
    undo: [`Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object Subject -Like '*O=Sluice*' | Remove-Item`],
  }
}

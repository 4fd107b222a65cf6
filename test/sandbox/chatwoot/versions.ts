// What differs between the Chatwoot versions the bridge has to live with, as one flag per behaviour.
// Everything else in the simulator asks a flag, never a version number, so a new version is one line here.
// Source: the release history as read in the upstream tags 4.7.0 … 4.16.2; 4.17 and later from merged pull requests.

export interface VersionFeatures {
  readonly version: string;
  readonly accountDeliveriesSigned: boolean;
  readonly botAndApiDeliveriesSigned: boolean;
  readonly botRetriesOn429And500: boolean;
  readonly botHearsConversationEvents: boolean;
  readonly keepsUnknownContentAttributes: boolean;
  readonly botReplyClearsWaiting: boolean;
  readonly accountInConversationPayload: boolean;
  readonly botTokenMayRead: boolean;
  readonly botTokenMayType: boolean;
  readonly handoffSetsWaiting: boolean;
  readonly newConversationBelongsToBot: boolean;
  readonly openingReleasesBot: boolean;
  readonly humanAssignmentOpens: boolean;
  readonly botAssignmentMakesPending: boolean;
  readonly assignmentSwallowsStatusEvents: boolean;
  readonly teamBreaksBotReads: boolean;
  readonly botTokenShownToEveryMember: boolean;
  readonly inboxBotTokenIsObject: boolean;
  readonly teamHasIcon: boolean;
  readonly attachmentExtension: boolean;
  readonly stripsHardBreaks: boolean;
  readonly stripsTrailingNewlines: boolean;
  readonly dropsBlockedWhatsapp: boolean;
  readonly closedWindowText: string;
}

/** @throws Error when the text is not like `4.15.1` */
export function featuresOf(version: string): VersionFeatures {
  const since = (wanted: string): boolean => compareVersions(version, wanted) >= 0;
  return {
    version,
    accountDeliveriesSigned: since('4.12.0'),
    botAndApiDeliveriesSigned: since('4.13.0'),
    botRetriesOn429And500: since('4.12.0'),
    botHearsConversationEvents: since('4.13.0'),
    keepsUnknownContentAttributes: since('4.9.0'),
    botReplyClearsWaiting: since('4.10.0'),
    accountInConversationPayload: since('4.14.2'),
    botTokenMayRead: since('4.14.2'),
    botTokenMayType: since('4.11.2'),
    handoffSetsWaiting: since('4.11.2'),
    newConversationBelongsToBot: since('4.16.2'),
    openingReleasesBot: since('4.16.2'),
    humanAssignmentOpens: since('4.17.0'),
    botAssignmentMakesPending: since('4.17.0'),
    assignmentSwallowsStatusEvents: !since('4.17.0'),
    teamBreaksBotReads: !since('4.18.0'),
    botTokenShownToEveryMember: !since('4.16.2'),
    inboxBotTokenIsObject: !since('4.16.2'),
    teamHasIcon: since('4.16.2'),
    attachmentExtension: since('4.13.0'),
    stripsHardBreaks: since('4.13.0'),
    stripsTrailingNewlines: since('4.14.2'),
    dropsBlockedWhatsapp: since('4.13.0'),
    closedWindowText: since('4.16.2')
      ? 'Message cannot be sent outside the 24-hour messaging window'
      : 'Template not found or invalid template name',
  };
}

function compareVersions(left: string, right: string): number {
  const a = parseVersion(left);
  const b = parseVersion(right);
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseVersion(text: string): number[] {
  if (!/^\d+\.\d+\.\d+$/.test(text)) throw new Error(`not a Chatwoot version: ${text}`);
  return text.split('.').map(Number);
}

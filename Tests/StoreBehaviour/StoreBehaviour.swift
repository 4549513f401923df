import Testing

/// What the protocols of `Store` promise, a case a sentence.
///
/// Every engine runs all of them.
package enum StoreBehaviour: String, CaseIterable, Sendable, CustomTestStringConvertible {
    // MARK: Accepting
    case acceptsReady = "an accepted event has a ready delivery and an open challenge"
    case answersDuplicates = "the same event again is answered as it was then, for seven days, and changes nothing"
    case refusesConflicts = "the same id with another content is a conflict, and changes nothing"
    case forgetsAfterSevenDays = "seven days later an id may be used anew"
    case acceptsOneOfManyAtOnce = "of the same event sixteen times at once one is accepted"
    case resendsTheSameCodeWhileYoung = "a resend while half of the life is left sends the same code"
    case makesASecondCodePastHalfLife = "a resend past half-life makes a second code under the same challenge"
    case supersedesWhatIsUnsent = "a resend ends the older unsent deliveries as superseded"
    case opensChallengesOfTheirOwn = "another session, purpose, person or tenant has a challenge of its own"
    case opensANewChallengeAfterAClosedOne = "after a verified, locked or expired challenge a new one opens"
    // MARK: Claiming
    case claimsByPriority = "who waits before a screen goes first"
    case claimsInOrderOfTime = "within a tenant the oldest goes first"
    case servesTenantsInTurn = "a tenant with a thousand waiting does not delay one with ten"
    case handsEachToOneClaimant = "of sixteen claimants each delivery goes to one"
    case fencesOnlyGrow = "fences only grow, over restarts too"
    case claimsOnlyForNamedGateways = "a claim gets nothing but its gateways' deliveries"
    case handsOutWhatAMessageNeeds = "a claim holds what its message is written from"
    case wakesWhoWaits = "who waits for work is woken by it, and misses none"
    case wakesForWhatComesBack = "what comes back wakes who waits"
    // MARK: Leases
    case freesWhatAFormerInstanceHeld = "a new instance frees what the former claimed and did not begin"
    case leavesLiveInstancesTheirClaims = "two processes that live under one name leave each other's claims alone"
    case freesAfterAReopenToo = "a new instance frees after a restart of the server too, the same one does not"
    case freeingCostsNothing = "a freed claim costs nothing"
    case takesBackUnbegunClaims = "a claim that is not begun within its lease goes back"
    case buriesWhatKillsCarriers = "what two carriers died with comes alone, and dies with the third"
    case neverJoinsOthersOnceTwoDiedWithIt = "what two carriers died with never joins others"
    case beginningClearsTheBlame = "a begin clears what carriers died with it before"
    case leasesKeepTheirOwnClock = "a wall clock that is set does not end or extend leases"
    case aRestartOfTheMachineEndsAllLeases = "a restart of the machine ends all leases"
    // MARK: Beginning
    case recordsTheAttemptAtBegin = "a begin records the attempt before it is answered"
    case repeatsGoWhileTheLeaseLasts = "the same begin again is go while its lease lasts, then stale"
    case answersStaleTokens = "an old fence, another epoch and an ended delivery are stale"
    case beginsNothingPastItsDeadline = "nothing is begun from its deadline on"
    case beginsUpToTheDeadline = "the last millisecond before the deadline is good"
    case refusesWhatCannotBeWritten = "what cannot be written dies refused, under its own fence only"
    // MARK: Settling
    case settlesAccepted = "accepted ends the delivery, and again answers the same"
    case settlesRefused = "refused ends the delivery, and again answers the same"
    case keepsTheDecidingOutcome = "a contradiction is recorded and takes nothing back"
    case sendsAgainAfterRetry = "retry and throttled send again, not before the pause that was asked for"
    case neverWaitsBeyondTheDeadline = "no backoff ends beyond the deadline"
    case isExhaustedAfterTwelve = "mail is exhausted after twelve attempts"
    case doesNotCountWhatMetNoOne = "unreachable, throttled and released do not count"
    case takesReleasesBack = "a release goes back at once; an outcome without a begin is an attempt"
    case answersStaleSettlements = "another epoch, and a claim that went back unbegun, are stale"
    // MARK: Unknown outcomes
    case sendsMailAgainAfterTheLease = "a lost mail is sent again as a further attempt, never before its lease is over"
    case aReportedUnknownWaitsForTheLeaseToo =
        "a reported unknown waits for its lease too, whatever the wall clock says"
    case givesUpSMS = "a lost SMS waits for its receipt and is given up"
    case givesUpNoticesAndWhatIsTooLate = "a lost notice, and what is past its deadline, is given up"
    case appliesLateOutcomesWhileUnknown = "a late outcome decides while the delivery is unknown"
    case recordsLateOutcomesOnceSentAgain = "a late outcome is recorded once the delivery was sent again"
    case countsALateOutcomeOnce = "an attempt that was lost and settled late counts once"
    case sendsNothingMoreOnceAnswered = "what is under way when its challenge closes is not sent again"
    case sendsNoOlderDeliveryAfterAResend = "what is under way when its code is resent is not sent again"
    // MARK: Gateways
    case failsOverWhenAGatewayIsDown = "five unreachable in a row take a gateway down; what waits goes to the next"
    case parksWhereNoGatewayIsLeft = "where no gateway is left deliveries are parked"
    case staysUpAfterFourUnreachable = "four unreachable do not take a gateway down"
    case triesADownGatewayEveryTenSeconds = "one delivery tries a gateway that is down every ten seconds"
    case aSuccessFreesWhatWasParked = "the first that reaches it frees what was parked, in slices"
    // MARK: Deadlines
    case expiresWhatWaits = "ready and parked deliveries expire at their deadline"
    case claimsNothingPastItsDeadline = "nothing past its deadline is claimed, and it delays no other"
    case expiresManyInSlices = "many expire in slices"
    case showsWhenTheNextIsDue = "the standing shows when the next is due, and nothing where none is ready"
    // MARK: Verifying
    case verifiesOnce = "the right code verifies once"
    case chargesWrongCodes = "a wrong code costs a try"
    case locksAfterFiveWrongCodes = "five wrong codes lock the challenge for good"
    case repeatsWithTheSameKey = "the same key repeats for a day, with other content it is a conflict"
    case refusesExpiredCodes = "an expired code is refused, and costs a try while the challenge is open"
    case verifiesByPerson = "a person's newest open challenge is found by purpose and session"
    case answersForNobodyAsForSomebody = "an unknown person is answered and charged as a known one"
    case countsTriesAcrossChallenges = "a new challenge gives a person no new tries in the window"
    case verifiesOneOfTwoAtOnce = "of two right codes at once one verifies"
    case chargesFiveOfSixteenAtOnce = "sixteen wrong codes at once take five tries"
    case endsUnsentDeliveriesWhenAnswered = "verifying ends unsent deliveries as answered"
    case keepsChallengesToTheirTenant = "another tenant's challenge is not found"
    // MARK: Reading
    case filtersDeliveries = "deliveries are found by all that a filter names"
    case pagesThroughDeliveries = "pages hold every delivery once, newest first"
    case keepsDeliveriesToTheirTenant = "another tenant's deliveries are not shown"
    case keepsTokens = "tokens are found by their hash, and by nothing else"

    package var testDescription: String { rawValue }
}

import AuthEvents
import Deliveries
import Store
import Testing

extension StoreBehaviour {
    /// Plays it on an empty store, then looks whether what the store counts is what it shows, after a restart too.
    package func check(_ lab: some StoreLab) async throws {
        let scene = Scene(lab: lab)
        try await play(scene)
        try await scene.countsWhatItShows()
        try await lab.audit()
        try await lab.reopen()
        try await scene.countsWhatItShows()
        try await lab.audit()
    }

    private func play(_ scene: Scene) async throws {
        switch self {
        case .acceptsReady: try await scene.acceptsReady()
        case .answersDuplicates: try await scene.answersDuplicates()
        case .refusesConflicts: try await scene.refusesConflicts()
        case .forgetsAfterSevenDays: try await scene.forgetsAfterSevenDays()
        case .acceptsOneOfManyAtOnce: try await scene.acceptsOneOfManyAtOnce()
        case .resendsTheSameCodeWhileYoung: try await scene.resendsTheSameCodeWhileYoung()
        case .makesASecondCodePastHalfLife: try await scene.makesASecondCodePastHalfLife()
        case .supersedesWhatIsUnsent: try await scene.supersedesWhatIsUnsent()
        case .opensChallengesOfTheirOwn: try await scene.opensChallengesOfTheirOwn()
        case .opensANewChallengeAfterAClosedOne: try await scene.opensANewChallengeAfterAClosedOne()
        case .claimsByPriority: try await scene.claimsByPriority()
        case .claimsInOrderOfTime: try await scene.claimsInOrderOfTime()
        case .servesTenantsInTurn: try await scene.servesTenantsInTurn()
        case .handsEachToOneClaimant: try await scene.handsEachToOneClaimant()
        case .fencesOnlyGrow: try await scene.fencesOnlyGrow()
        case .claimsOnlyForNamedGateways: try await scene.claimsOnlyForNamedGateways()
        case .handsOutWhatAMessageNeeds: try await scene.handsOutWhatAMessageNeeds()
        case .wakesWhoWaits: try await scene.wakesWhoWaits()
        case .wakesForWhatComesBack: try await scene.wakesForWhatComesBack()
        case .freesWhatAFormerInstanceHeld: try await scene.freesWhatAFormerInstanceHeld()
        case .leavesLiveInstancesTheirClaims: try await scene.leavesLiveInstancesTheirClaims()
        case .freesAfterAReopenToo: try await scene.freesAfterAReopenToo()
        case .freeingCostsNothing: try await scene.freeingCostsNothing()
        case .takesBackUnbegunClaims: try await scene.takesBackUnbegunClaims()
        case .buriesWhatKillsCarriers: try await scene.buriesWhatKillsCarriers()
        case .neverJoinsOthersOnceTwoDiedWithIt: try await scene.neverJoinsOthersOnceTwoDiedWithIt()
        case .beginningClearsTheBlame: try await scene.beginningClearsTheBlame()
        case .leasesKeepTheirOwnClock: try await scene.leasesKeepTheirOwnClock()
        case .aRestartOfTheMachineEndsAllLeases: try await scene.aRestartOfTheMachineEndsAllLeases()
        case .recordsTheAttemptAtBegin: try await scene.recordsTheAttemptAtBegin()
        case .repeatsGoWhileTheLeaseLasts: try await scene.repeatsGoWhileTheLeaseLasts()
        case .answersStaleTokens: try await scene.answersStaleTokens()
        case .beginsNothingPastItsDeadline: try await scene.beginsNothingPastItsDeadline()
        case .beginsUpToTheDeadline: try await scene.beginsUpToTheDeadline()
        case .refusesWhatCannotBeWritten: try await scene.refusesWhatCannotBeWritten()
        case .settlesAccepted: try await scene.settlesAccepted()
        case .settlesRefused: try await scene.settlesRefused()
        case .keepsTheDecidingOutcome: try await scene.keepsTheDecidingOutcome()
        case .sendsAgainAfterRetry: try await scene.sendsAgainAfterRetry()
        case .neverWaitsBeyondTheDeadline: try await scene.neverWaitsBeyondTheDeadline()
        case .isExhaustedAfterTwelve: try await scene.isExhaustedAfterTwelve()
        case .doesNotCountWhatMetNoOne: try await scene.doesNotCountWhatMetNoOne()
        case .takesReleasesBack: try await scene.takesReleasesBack()
        case .answersStaleSettlements: try await scene.answersStaleSettlements()
        case .sendsMailAgainAfterTheLease: try await scene.sendsMailAgainAfterTheLease()
        case .aReportedUnknownWaitsForTheLeaseToo: try await scene.aReportedUnknownWaitsForTheLeaseToo()
        case .givesUpSMS: try await scene.givesUpSMS()
        case .givesUpNoticesAndWhatIsTooLate: try await scene.givesUpNoticesAndWhatIsTooLate()
        case .appliesLateOutcomesWhileUnknown: try await scene.appliesLateOutcomesWhileUnknown()
        case .recordsLateOutcomesOnceSentAgain: try await scene.recordsLateOutcomesOnceSentAgain()
        case .countsALateOutcomeOnce: try await scene.countsALateOutcomeOnce()
        case .sendsNothingMoreOnceAnswered: try await scene.sendsNothingMoreOnceAnswered()
        case .sendsNoOlderDeliveryAfterAResend: try await scene.sendsNoOlderDeliveryAfterAResend()
        case .failsOverWhenAGatewayIsDown: try await scene.failsOverWhenAGatewayIsDown()
        case .parksWhereNoGatewayIsLeft: try await scene.parksWhereNoGatewayIsLeft()
        case .staysUpAfterFourUnreachable: try await scene.staysUpAfterFourUnreachable()
        case .triesADownGatewayEveryTenSeconds: try await scene.triesADownGatewayEveryTenSeconds()
        case .aSuccessFreesWhatWasParked: try await scene.aSuccessFreesWhatWasParked()
        case .expiresWhatWaits: try await scene.expiresWhatWaits()
        case .claimsNothingPastItsDeadline: try await scene.claimsNothingPastItsDeadline()
        case .expiresManyInSlices: try await scene.expiresManyInSlices()
        case .showsWhenTheNextIsDue: try await scene.showsWhenTheNextIsDue()
        case .verifiesOnce: try await scene.verifiesOnce()
        case .chargesWrongCodes: try await scene.chargesWrongCodes()
        case .locksAfterFiveWrongCodes: try await scene.locksAfterFiveWrongCodes()
        case .repeatsWithTheSameKey: try await scene.repeatsWithTheSameKey()
        case .refusesExpiredCodes: try await scene.refusesExpiredCodes()
        case .verifiesByPerson: try await scene.verifiesByPerson()
        case .answersForNobodyAsForSomebody: try await scene.answersForNobodyAsForSomebody()
        case .countsTriesAcrossChallenges: try await scene.countsTriesAcrossChallenges()
        case .verifiesOneOfTwoAtOnce: try await scene.verifiesOneOfTwoAtOnce()
        case .chargesFiveOfSixteenAtOnce: try await scene.chargesFiveOfSixteenAtOnce()
        case .endsUnsentDeliveriesWhenAnswered: try await scene.endsUnsentDeliveriesWhenAnswered()
        case .keepsChallengesToTheirTenant: try await scene.keepsChallengesToTheirTenant()
        case .filtersDeliveries: try await scene.filtersDeliveries()
        case .pagesThroughDeliveries: try await scene.pagesThroughDeliveries()
        case .keepsDeliveriesToTheirTenant: try await scene.keepsDeliveriesToTheirTenant()
        case .keepsTokens: try await scene.keepsTokens()
        }
    }
}

extension Scene {
    func countsWhatItShows() async throws {
        var shown: [String: Int64] = [:]
        var filter = DeliveryFilter(limit: 1000)
        repeat {
            let page = try await store.deliveries(filter)
            for item in page.items { shown["\(item.channel.name) \(item.state.name)", default: 0] += 1 }
            filter.after = page.next
        } while filter.after != nil
        var counted: [String: Int64] = [:]
        for entry in try await store.standing(of: nil).channels {
            for (state, count) in entry.counts where count != 0 {
                counted["\(entry.channel.name) \(state.name)"] = count
            }
        }
        #expect(counted == shown)
    }
}

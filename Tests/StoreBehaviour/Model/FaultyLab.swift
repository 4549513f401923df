package import Store
import Synchronization
package import TestSupport

/// A lab in which one thing is wrong.
package final class FaultyLab<Base: StoreLab>: StoreLab {
    private let base: Base
    private let fault: PlantedFault
    private let memory = FaultyStore.Memory()

    package init(_ base: Base, _ fault: PlantedFault) {
        (self.base, self.fault) = (base, fault)
    }

    package var store: any PostOfficeStore { FaultyStore(base: base.store, fault: fault, memory: memory) }
    package var settings: StoreSettings { base.settings }
    package var time: ManualTime { base.time }

    package func reopen(with settings: StoreSettings) async throws { try await base.reopen(with: settings) }

    package func kill(reopeningWith settings: StoreSettings) async throws {
        try await base.kill(reopeningWith: settings)
    }

    package func restore(_ copy: StoreCopy) async throws {
        if fault == .restoresNothing { return try await base.reopen() }
        try await base.restore(copy)
    }

    package func twin() async throws -> FaultyLab { FaultyLab(try await base.twin(), fault) }
    package func countOfBuckets() async throws -> Int64 { try await base.countOfBuckets() }
    package func countOfRefusals() async throws -> Int64 { try await base.countOfRefusals() }
    package func audit(against accounts: LedgerReplay) async throws { try await base.audit(against: accounts) }
}

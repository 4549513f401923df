import Clocks
private import Synchronization

/// The connections of a gateway, and what was claimed ahead for the next that is free.
///
/// As much is claimed ahead as the connections get done while three claims are answered, and more is asked for when a third of
/// that is gone, of no more than there are connections at once: none of them is idle for want of work, and each has a next
/// message whose begin can bring its outcome along.
///
/// Some may be kept free: then whoever has few messages in hand need not wait behind the many of another.
final class Places: Sendable {
    /// Whose messages count together.
    struct Party: Hashable, Sendable {
        var tenant: String
        /// As of ``Purpose/priority``.
        var priority: Int64
    }

    /// A connection that is taken.
    struct Place: Sendable {
        var party: Party
        /// Whether its party had few in hand.
        var isOfFew: Bool
        /// What became of the message before, where that is not stored yet.
        var debt: Debt?
    }

    /// An outcome that is to be stored before, or together with, what begins next on its connection.
    struct Debt: Sendable, Equatable {
        var report: Report
        /// How long it may wait for others.
        var patience: Duration
    }

    /// For whom there is room.
    enum Audience: Sendable { case anyone, few }

    /// What a claim is taken to take at the least, for claims of one or two cost as much as claims of many; and at the most.
    private static let shortestTrip: Duration = .milliseconds(5)
    private static let longestTrip: Duration = .milliseconds(25)
    /// So many claims are answered while what is ahead is got done.
    private static let trips = 3
    /// What has waited for a connection this long, or half as much again, is given back: well before its lease is over.
    private static let patience: Duration = .seconds(1)

    /// How many messages of a party were claimed and are not done.
    private final class Hand {
        var count = 0
    }

    private struct Waiter {
        var party: Party
        var hand: Hand
        var since: BootInstant
        var continuation: CheckedContinuation<Place?, Never>
    }

    private struct Contents {
        var free: Int
        var hands: [Party: Hand] = [:]
        /// How many parties have more than few in hand.
        var many = 0
        /// In the order in which they came.
        var waiting: [Waiter] = []
        /// How long claims took of late.
        var trip = Places.shortestTrip
        /// When the last places were left, of three times as many as there are.
        var left: [BootInstant] = []
        var nextLeft = 0
        var claimants: [Audience: CheckedContinuation<Void, Never>] = [:]
        var isClosed = false
        var isWatched = false

        mutating func hand(of party: Party) -> Hand {
            if let hand = hands[party] { return hand }
            let hand = Hand()
            hands[party] = hand
            return hand
        }

        /// Counts one more that is in hand.
        mutating func hold(_ party: Party, few: Int) -> Hand {
            let hand = hand(of: party)
            hand.count += 1
            if hand.count == few + 1 { many += 1 }
            return hand
        }

        /// Whose turn it is: who has the fewest in hand, and of those who has waited longest.
        var next: Int? { waiting.indices.min { waiting[$0].hand.count < waiting[$1].hand.count } }

        mutating func letGo(_ party: Party, few: Int) {
            guard let hand = hands[party] else { return }
            if hand.count == few + 1 { many -= 1 }
            hand.count -= 1
            if hand.count == 0 { hands[party] = nil }
        }
    }

    private let count: Int
    let kept: Int
    let few: Int
    private let time: any TimeSource
    private let courtesy: Courtesy?
    private let contents: Mutex<Contents>

    /// `kept`: So many are left free by all but those who have few in hand.
    ///
    /// `few`: The most that count as few.
    ///
    /// `courtesy`: Hears of those who have few in hand beside those who have more, and bounds what is claimed.
    init(_ count: Int, kept: Int = 0, few: Int = 0, time: any TimeSource, courtesy: Courtesy? = nil) {
        (self.count, self.kept, self.few, self.time) = (count, kept, few, time)
        self.courtesy = courtesy
        contents = Mutex(Contents(free: count))
    }

    /// Waits until something may be claimed, and returns how much.
    ///
    /// One task at a time may ask for the same audience, when all that it has claimed before has come to ``take(_:)``.
    func room(for audience: Audience = .anyone) async -> Int {
        while true {
            let (free, isClosed) = contents.withLock { (room(for: audience, in: $0), $0.isClosed) }
            if free > 0 || isClosed { return free }
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let mustWait = contents.withLock { contents in
                    guard !contents.isClosed, room(for: audience, in: contents) == 0 else { return false }
                    contents.claimants[audience] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        }
    }

    /// Learns how long a claim took that was answered with all that was asked for, and so at once.
    func answered(after trip: Duration) {
        let trip = min(max(trip, Places.shortestTrip), Places.longestTrip)
        contents.withLock { $0.trip = ($0.trip * 3 + trip) / 4 }
    }

    /// Whether carriers of other gateways are to know that somebody has few in hand here.
    var hasFew: Bool { contents.withLock { courtesy?.hasFew(besideMany: $0.many > 0) ?? false } }

    private func room(for audience: Audience, in contents: Contents) -> Int {
        guard audience == .anyone else { return min(contents.free, kept) }
        let now = time.boot()
        let free = contents.free - kept
        let ahead = contents.left.count { now - $0 <= contents.trip * Places.trips }
        // Claims for one at a time would cost as much as claims for many.
        guard free > 0 || contents.waiting.count <= ahead - ahead / Places.trips else { return 0 }
        let room = max(0, min(free + ahead - contents.waiting.count, count - kept))
        return courtesy?.limit(room) ?? room
    }

    /// Takes a place as soon as one is free; `nil` where none will be soon.
    func take(_ party: Party) async -> Place? {
        await withCheckedContinuation { continuation in
            let (taken, mustWait, mustWatch) = contents.withLock { contents -> (Place?, Bool, Bool) in
                if contents.isClosed { return (nil, false, false) }
                let hand = contents.hold(party, few: few)
                if let place = self.place(for: party, hand, in: &contents) { return (place, false, false) }
                contents.waiting.append(
                    Waiter(party: party, hand: hand, since: time.boot(), continuation: continuation)
                )
                defer { contents.isWatched = true }
                return (nil, true, !contents.isWatched)
            }
            if !mustWait { continuation.resume(returning: taken) }
            if mustWatch { Task { await watch() } }
        }
    }

    private func place(for party: Party, _ hand: Hand, in contents: inout Contents) -> Place? {
        let isOfFew = hand.count <= few
        guard contents.free > (isOfFew ? 0 : kept) else { return nil }
        contents.free -= 1
        if isOfFew { courtesy?.metFew(besideMany: contents.many > 0) }
        return Place(party: party, isOfFew: isOfFew)
    }

    /// Leaves a place, when its outcome is stored, to whose turn it is.
    func leave(_ place: Place) {
        let (served, claimants) = contents.withLock { contents in
            noteLeft(in: &contents)
            contents.letGo(place.party, few: few)
            contents.free += 1
            var served: [(CheckedContinuation<Place?, Never>, Place)] = []
            while let next = contents.next {
                let waiter = contents.waiting[next]
                guard let place = self.place(for: waiter.party, waiter.hand, in: &contents) else { break }
                contents.waiting.remove(at: next)
                served.append((waiter.continuation, place))
            }
            return (served, takeClaimants(from: &contents))
        }
        for (waiter, place) in served { waiter.resume(returning: place) }
        for claimant in claimants { claimant.resume() }
    }

    /// Leaves a place to whose turn it is before its outcome is stored, and that with it; false where nobody is there who has
    /// few in hand, or many, as who leaves it: then it must be stored first.
    func handOn(_ place: Place, owing debt: Debt) -> Bool {
        let (waiter, next, claimants) = contents.withLock { contents in
            contents.letGo(place.party, few: few)
            guard let index = contents.next, (contents.waiting[index].hand.count <= few) == place.isOfFew else {
                _ = contents.hold(place.party, few: few)
                return (CheckedContinuation<Place?, Never>?.none, place, [CheckedContinuation<Void, Never>]())
            }
            noteLeft(in: &contents)
            let waiter = contents.waiting.remove(at: index)
            if place.isOfFew { courtesy?.metFew(besideMany: contents.many > 0) }
            let next = Place(party: waiter.party, isOfFew: place.isOfFew, debt: debt)
            return (waiter.continuation, next, takeClaimants(from: &contents))
        }
        guard let waiter else { return false }
        waiter.resume(returning: next)
        for claimant in claimants { claimant.resume() }
        return true
    }

    private func noteLeft(in contents: inout Contents) {
        if contents.left.count < count * Places.trips {
            contents.left.append(time.boot())
        } else {
            contents.left[contents.nextLeft] = time.boot()
            contents.nextLeft = (contents.nextLeft + 1) % contents.left.count
        }
    }

    /// Those for whom there is room now.
    private func takeClaimants(from contents: inout Contents) -> [CheckedContinuation<Void, Never>] {
        contents.claimants.keys.filter { room(for: $0, in: contents) > 0 }
            .compactMap { contents.claimants.removeValue(forKey: $0) }
    }

    /// Ends all waits, now and later.
    func close() {
        let (waiting, claimants) = contents.withLock { contents in
            contents.isClosed = true
            defer { (contents.waiting, contents.claimants) = ([], [:]) }
            return (contents.waiting.map(\.continuation), Array(contents.claimants.values))
        }
        for waiter in waiting { waiter.resume(returning: nil) }
        for claimant in claimants { claimant.resume() }
    }

    /// Sends away who has waited too long, as long as anybody waits.
    private func watch() async {
        while true {
            // Nobody cancels it.
            _ = try? await Task.sleep(for: Places.patience / 2)
            let limit = time.boot()
            let (late, isOver) = contents.withLock { contents in
                let late = contents.waiting.prefix { limit - $0.since >= Places.patience }
                contents.waiting.removeFirst(late.count)
                for waiter in late { contents.letGo(waiter.party, few: few) }
                contents.isWatched = !contents.waiting.isEmpty
                return (late.map(\.continuation), !contents.isWatched)
            }
            for waiter in late { waiter.resume(returning: nil) }
            if isOver { return }
        }
    }
}

/// Takes events in.
package protocol EventStore: Sendable {
    /// Takes an event in, with its challenges and deliveries, or does nothing at all.
    ///
    /// - It returns `accepted` only after a commit that survives the loss of power (promise 1).
    /// - An identity that was accepted within ``dedupeWindow`` is answered as it was then, or with `conflict` where the
    ///   content differs; nothing is changed (promise 1).
    /// - An open challenge for the person, purpose and session takes the event as a resend: the same code while half of
    ///   its life is left, else one more code; its older unsent deliveries die `superseded`. Else a challenge opens.
    /// - A delivery is `ready` at the first gateway of its route that is `ok`, `parked` where none is.
    /// - An event that reopens takes up the newest challenge where it has expired, with a new code.
    /// - A leg without a challenge is delivered and proves nothing; one to a previous address is refused alone.
    /// - What the application brought is erased when the last of the event's deliveries has ended (promise 2).
    /// - What is suppressed or held is refused, then what is over a limit or comes before its resend wait is over: of several
    ///   with the longest wait. An event takes all of its slots or none (promise 9).
    /// - For an SMS the dearest price of its route is reserved with it, unless that would lift a budget over its limit
    ///   (promises 6 and 7).
    /// - Of a group what can be sent is accepted; what was refused takes no money and no slot.
    /// - A delivery that surely was not sent gives its slots back when it dies (promise 9), but for one that a resend
    ///   overtook: whoever repeats faster than messages leave is to be stopped.
    ///
    /// Several events are taken in their order, each for itself, and made durable together.
    func accept(_ submissions: [Submission]) async throws(StoreError) -> [Acceptance]
}

extension EventStore {
    package func accept(_ submission: Submission) async throws(StoreError) -> Acceptance {
        try await accept([submission])[0]
    }
}

/// How long an event is recognised when it comes again.
package let dedupeWindow: Duration = .seconds(7 * 86_400)

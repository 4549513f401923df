internal import CCurl

/// One connection to a mail server: first libcurl's prelude, then one mail after the other.
///
/// libcurl holds an unretained reference while the handle is in the multi handle; the pool keeps the object for that
/// long.
@safe final class MailConnection {
    enum Phase: Equatable {
        case connecting
        case idle
        case busy

        /// A refused transaction is being cleared away; so many replies are to come before RSET is sent.
        case resetting(outstanding: Int)
        case closed
    }

    let server: MailServer
    let easy: Easy
    private(set) var phase = Phase.connecting

    /// The job under way, until its result is given.
    private(set) var job: MailJob?

    /// When an idle or resetting connection is given up.
    private(set) var giveUp = ContinuousClock.Instant.now

    /// A job that found this connection closed before the server said a word to it, and may go to another.
    private(set) var stranded: MailJob?

    private static let idleTime = Duration.seconds(60)
    private static let briefTime = Duration.seconds(1)
    private static let resetTime = Duration.seconds(5)

    private var prelude = SMTPPrelude()
    private(set) var stream: MailStream?
    private var dialogue: MailDialogue?
    private var isReused = false

    init(easy: Easy, job: MailJob, now: ContinuousClock.Instant) {
        self.easy = easy
        self.job = job
        server = job.mail.server
        easy.reset(protocols: "smtp,smtps")
        easy.set(CURLOPT_URL, server.urlWithName)
        easy.set(CURLOPT_CONNECT_ONLY, 1)
        // libcurl has no time of its own left to watch once it has connected.
        let remaining = job.mail.deadline - now
        easy.set(remaining: remaining, connect: min(remaining, job.mail.connectTimeout))
        let level = server.requiresTLS ? CURLUSESSL_ALL : server.tls == .none ? CURLUSESSL_NONE : CURLUSESSL_TRY
        easy.set(CURLOPT_USE_SSL, Int(level.rawValue))
        easy.trust(caFile: server.caFile)
        if let login = server.login {
            easy.set(login)
            easy.set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
        }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe ccurl_set_header_writer(easy.handle, hearLine, context)
        unsafe ccurl_set_writer(easy.handle, hearLine, context)
    }

    /// Goes on after libcurl's part, which ended with this code.
    func connected(_ code: CURLcode) {
        let beginning = job?.mail.isTrial == true ? "" : "The mail was not handed over: "
        guard code == CURLE_OK else { return close(.unreachable(prelude.failure(code, beginning))) }
        guard server.login == nil || prelude.hasLoggedIn else {
            let reason = beginning + "the server offers no login by PLAIN or LOGIN."
            return close(.unreachable(MailFailure(step: .login, reason: reason)))
        }
        stream = MailStream(easy: easy)
        guard let job else { return rest() }
        begin(job)
    }

    /// Takes a mail while idle.
    func reuse(for job: MailJob) {
        isReused = true
        begin(job)
    }

    private func begin(_ job: MailJob) {
        guard !job.mail.isTrial else {
            stream?.send(Array("QUIT\r\n".utf8))
            return close(.accepted(SMTPReply(code: 221, text: "")))
        }
        guard !job.mail.needsSMTPUTF8 || prelude.extensions.smtpUTF8 else {
            job.end(.invalid(.addressNeedsSMTPUTF8))
            return rest()
        }
        self.job = job
        phase = .busy
        let dialogue = MailDialogue(mail: job.mail, extensions: prelude.extensions)
        self.dialogue = dialogue
        stream?.send(dialogue.opening)
        // The end may have been read already, and then nothing more is there to wake for.
        if stream?.end != nil { advance() }
    }

    /// Reads and writes what is possible now.
    func advance() {
        guard let stream else { return }
        // The process may have slept with half of a text sent: its end must not follow after the time for it.
        if stream.hasUnsent, let job, job.mail.deadline <= .now { return timeOut() }
        stream.flush()
        stream.receive()
        while phase != .closed, let reply = stream.nextReply() { received(reply, stream) }
        if let end = stream.end, phase != .closed { broke(end) }
    }

    private func received(_ reply: SMTPReply, _ stream: MailStream) {
        switch phase {
        case .busy:
            let earlier = dialogue
            guard let action = dialogue?.received(reply) else { return }
            if action == .sendContent, !stream.isSilent {
                // What stands behind 354 already cannot be the reply to a text that was not sent yet.
                return close(earlier?.broken(reason: "The server replied before it was asked."))
            }
            // The process may have slept since somebody looked.
            if action == .sendContent, let job, job.mail.deadline <= .now {
                return close(earlier?.broken(reason: "The time for it was over."))
            }
            perform(action, stream)
        case .resetting(0):
            reply.isPositive ? rest() : close(nil)
        case .resetting(let outstanding):
            // Asked for a text without a recipient, there is nothing to send but the end of the connection.
            reply.code == 354 ? close(nil) : reset(outstanding: outstanding - 1, stream)
        default:
            // A word that nobody asked for, such as 421 after a while.
            close(nil)
        }
    }

    private func perform(_ action: MailDialogue.Action, _ stream: MailStream) {
        switch action {
        case .wait: break
        case .send(let bytes): stream.send(bytes)
        case .sendContent: stream.send(job?.mail.content ?? [])
        case .finish(.refused(_, at: .sender), then: .close) where isReused:
            strand()
        case .finish(.accepted, _) where stream.hasUnsent:
            close(dialogue?.broken(reason: "The server replied before the end of the text."))
        case .finish(let result, let aftermath):
            switch aftermath {
            case .keep where !stream.hasUnsent:
                finish(result)
                rest()
            case .reset(let outstanding):
                finish(result)
                reset(outstanding: outstanding, stream)
            case .keep, .close:
                close(result)
            }
        }
    }

    private func reset(outstanding: Int, _ stream: MailStream) {
        phase = .resetting(outstanding: outstanding)
        giveUp = .now + Self.resetTime
        if outstanding == 0 { stream.send(Array("RSET\r\n".utf8)) }
    }

    private func rest() {
        job = nil
        dialogue = nil
        phase = .idle
        giveUp = .now + Self.idleTime
    }

    /// Makes an idle connection that is one too many end soon, but not between two mails of a busy time.
    func restBriefly() {
        giveUp = .now + Self.briefTime
    }

    private func broke(_ reason: String) {
        if isReused, dialogue?.step == .sender, stream?.isSilent == true { return strand() }
        close(dialogue?.broken(reason: reason))
    }

    /// Ends the connection as useless from the start for its job.
    private func strand() {
        stranded = job
        job = nil
        close(nil)
    }

    private func finish(_ result: MailResult?) {
        if let result { job?.end(result) }
        job = nil
        dialogue = nil
    }

    private func close(_ result: MailResult?) {
        finish(result)
        phase = .closed
    }

    /// Ends a mail whose time is over.
    func timeOut() {
        close(dialogue?.broken(reason: "The server did not answer in time."))
    }

    /// Ends a mail that nobody waits for any more, or an idle connection.
    func cancel(reason: String) {
        if phase == .idle { stream?.send(Array("QUIT\r\n".utf8)) }
        close(dialogue?.cancelled(reason: reason) ?? .cancelled)
    }

    fileprivate func hear(_ line: UnsafeRawBufferPointer) {
        unsafe prelude.hear(String(decoding: line, as: UTF8.self))
    }
}

private func hearLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    unsafe context.map { unsafe Unmanaged<MailConnection>.fromOpaque($0).takeUnretainedValue() }?.hear(line)
    return size * count
}

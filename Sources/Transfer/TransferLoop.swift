private import CCurl

/// The thread's work: takes commands, lets libcurl and the mail connections go on, and waits.
@safe final class TransferLoop {
    private let inbox: Inbox
    private let keptConnections: Int

    init(inbox: Inbox, keptConnections: Int) {
        self.inbox = inbox
        self.keptConnections = keptConnections
    }

    /// Returns when the inbox has been closed and everything has been let go.
    func run() {
        guard libraryIsReady, let multi = unsafe curl_multi_init() else { return refuseAll() }
        inbox.wake(by: unsafe Waker(multi: multi))
        let http = unsafe HTTPPool(multi: multi, spareLimit: keptConnections)
        let mail = unsafe MailPool(multi: multi, keptConnections: keptConnections)
        unsafe serve(multi, http, mail)
        inbox.wake(by: nil)
        http.end()
        mail.end()
        unsafe curl_multi_cleanup(multi)
    }

    private func serve(_ multi: UnsafeMutableRawPointer, _ http: HTTPPool, _ mail: MailPool) {
        var commands: [Command] = []
        var sockets: [curl_waitfd] = []
        var limit = -1
        while true {
            let goesOn = inbox.take(into: &commands)
            for command in commands { carryOut(command, http, mail) }
            guard goesOn else { return }
            // libcurl counts connections in use, and those of mails, when it looks for an idle one to close.
            if limit != keptConnections + http.count + mail.count {
                limit = keptConnections + http.count + mail.count
                unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limit)
            }
            var running: Int32 = 0
            unsafe curl_multi_perform(multi, &running)
            unsafe finish(multi, http, mail)
            let next = mail.expire(now: .now)
            sockets.removeAll(keepingCapacity: true)
            let watched = mail.watch(&sockets)
            let patience = next.map { $0 - .now } ?? .seconds(60)
            unsafe sockets.withUnsafeMutableBufferPointer { sockets in
                let count = UInt32(sockets.count)
                unsafe curl_multi_poll(multi, sockets.baseAddress, count, Int32(patience.milliseconds), nil)
            }
            for (index, connection) in watched.enumerated() where sockets[index].revents != 0 {
                mail.advance(connection)
            }
        }
    }

    private func carryOut(_ command: Command, _ http: HTTPPool, _ mail: MailPool) {
        switch command {
        case .http(let job): http.start(job)
        case .mail(let job): mail.start(job)
        case .cancel(let number):
            http.cancel(number)
            mail.cancel(number)
        }
    }

    private func finish(_ multi: UnsafeMutableRawPointer, _ http: HTTPPool, _ mail: MailPool) {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else {
                continue
            }
            let code = unsafe message.pointee.data.result
            if unsafe !http.finished(handle, code) { unsafe mail.connected(handle, code) }
        }
    }

    /// Answers everything when there is no memory for libcurl.
    private func refuseAll() {
        inbox.close()
        var commands: [Command] = []
        _ = inbox.take(into: &commands)
        for command in commands {
            switch command {
            case .http(let job): job.end(.failed(.closed))
            case .mail(let job): job.end(.cancelled)
            case .cancel: break
            }
        }
    }
}

/// gatepost(1), written from the commands themselves, in the macros of man(7).
enum ManualPage {
    static func text(of commands: [Command]) -> String {
        let entries = commands.flatMap { command -> [String] in
            // What stands behind an empty line explains; a paragraph of its own keeps it apart from what is to be typed.
            let parts = command.usage.split(separator: "\n\n", maxSplits: 1).map { part in
                part.split(separator: "\n").map { escaped($0.drop { $0 == " " }.description) }
            }
            let synopsis = Array((parts.first ?? []).map { [$0] }.joined(separator: [".br"]))
            let explanation = parts.count > 1 ? [".IP"] + parts[1] : []
            return [".TP", ".B gatepost \(command.name)"] + synopsis + (synopsis.isEmpty ? [] : [".IP"])
                + [escaped(command.summary)] + explanation
        }
        return """
            .TH GATEPOST 1
            .SH NAME
            gatepost \\- the post office behind a sign\\-up API
            .SH SYNOPSIS
            .B gatepost
            .I COMMAND
            .RB [ \\-\\-config
            .IR FILE ]
            .RB [ \\-\\-json ]
            .RB [ \\-\\-help ]
            .SH COMMANDS
            \(entries.joined(separator: "\n"))
            .SH ENVIRONMENT
            .TP
            .B GATEPOST_CONFIG
            the settings, where \\-\\-config is not given
            .TP
            .B NO_COLOR
            no colours at a terminal
            .SH EXIT STATUS
            0 done, 1 refused or failed, 2 wrong usage, 69 server not reachable, 78 bad settings.
            .SH FILES
            .I ./gatepost.toml
            or
            .I /etc/gatepost/gatepost.toml
            .SH SEE ALSO
            .BR gatepost\\-server (8),
            .BR gatepost\\-email\\-worker (8),
            .BR gatepost\\-sms\\-worker (8)
            """
    }

    /// A line of text in which nothing is a request or an escape.
    private static func escaped(_ line: String) -> String {
        let text = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}

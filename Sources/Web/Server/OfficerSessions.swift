import Crypto
import Foundation
import Journal
import Synchronization

/// Who has signed in with the officer's code, as long as there are no accounts: kept in memory, so a restart signs all out.
final class OfficerSessions: Sendable {
    /// How long somebody stays signed in who does nothing.
    static let idle: Int64 = 30 * 60
    /// How many can be signed in at once; the one that was silent longest is signed out for another.
    static let most = 200
    static let cookie = "petugas"

    private struct Session {
        let name: String
        var seen: Int64
    }

    private let sessions = Mutex<[String: Session]>([:])
    private let clock: WallClock

    init(clock: WallClock) { self.clock = clock }

    private var now: Int64 { clock.now.microseconds / 1_000_000 }

    /// Signs somebody in.
    ///
    /// - Returns: what the browser must bring along: 256 random bits.
    func open(_ name: String) -> String {
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        sessions.withLock { sessions in
            sessions = sessions.filter { now - $0.value.seen < Self.idle }
            if sessions.count >= Self.most, let oldest = sessions.min(by: { $0.value.seen < $1.value.seen }) {
                sessions[oldest.key] = nil
            }
            sessions[token] = Session(name: name, seen: now)
        }
        return token
    }

    /// Who brings a token; nil where nobody is signed in by it.
    func name(_ token: String?) -> String? {
        guard let token else { return nil }
        return sessions.withLock { sessions in
            guard let session = sessions[token] else { return nil }
            guard now - session.seen < Self.idle else {
                sessions[token] = nil
                return nil
            }
            sessions[token]?.seen = now
            return session.name
        }
    }

    /// Signs somebody out.
    func close(_ token: String?) {
        if let token { sessions.withLock { $0[token] = nil } }
    }
}

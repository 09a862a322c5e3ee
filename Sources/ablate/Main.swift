import ArgumentParser
import Foundation
import Kernels

/// Parses the command line and runs the command; every error goes through ``Failure``.
@main
enum Main {
    static func main() async {
        BLASLibrary.leaveThreadsOutInLimitedAddressSpace()
        // What threads allocate beside training is too little for a heap each.
        Buffer.shareHeap()
        // Commands that want more say so. The library by itself would take every processor of the machine.
        BLASLibrary.threads = 1
        // A file that grows over its limit (ulimit -f) is then told of as any other that cannot be written.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try Ablate.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try StandardOutput.finish()
        } catch {
            Failure.exit(with: error)
        }
    }
}

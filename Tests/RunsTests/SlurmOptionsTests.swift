import ProjectFolders
import Testing

@testable import Runs

struct SlurmOptionsTests {
    @Test(arguments: [
        ("90", 5400), ("3:59", 239), ("1:00:00", 3600), ("2-3", 183_600), ("2-3:30", 185_400), ("0-0:0:9", 9), ("4-00:00:00", 345_600),
    ])
    func `Slurm's notations of time`(text: String, seconds: Int) {
        #expect(SlurmOptions.seconds(time: text) == seconds)
    }

    @Test(arguments: ["", "x", "1:2:3:4", "-1", "1-", "UNLIMITED", "99999999999999999999", "1:x", "9223372036854775807-1"])
    func `what is no time is left to Slurm`(text: String) throws {
        #expect(SlurmOptions.seconds(time: text) == nil)
    }

    @Test func `options reach sbatch in their order`() throws {
        let options = try SlurmOptions(partition: "long", time: "4-0", memory: "2G", others: ["qos=low", "mail-user=a=b"])
        #expect(options.arguments == ["--partition=long", "--time=4-0", "--mem=2G", "--qos=low", "--mail-user=a=b"])
    }
}

import Corpus
import LanguageModel
import Testing

@testable import Runs

@Suite struct MemoryPlanTests {
    private func need(hiddenSize: Int) -> MemoryNeed {
        var model = ModelConfiguration()
        model.hiddenSize = hiddenSize
        return MemoryNeed(
            model, schedule: TrainingSchedule(), vocabularySize: 10_000, trainingTokens: 929_589, validationTokens: 73_760, testTokens: 82_430,
            threads: 1)
    }

    private func plan(_ sizes: [Int], jobs: Int, bytes: Int, addressSpace: Int? = nil) -> MemoryPlan {
        MemoryPlan(
            needs: sizes.map(need), jobs: jobs,
            available: AvailableMemory(bytes: bytes, limit: .controlGroup("/job"), addressSpace: addressSpace))
    }

    @Test func `the largest runs count together`() {
        let (small, large) = (need(hiddenSize: 100).resident, need(hiddenSize: 1150).resident)
        let plan = plan([100, 1150, 100], jobs: 2, bytes: small + large)
        #expect(plan.together(1) == large && plan.together(2) == large + small && plan.together(9) == large + 2 * small)
        #expect(plan.largestJobs == 2 && plan.warning == nil)
    }

    @Test func `the largest number of jobs that fits is named`() throws {
        let one = need(hiddenSize: 1150).resident
        let warning = try #require(plan([1150, 1150, 1150, 1150], jobs: 4, bytes: 2 * one + 1).warning)
        #expect(warning.contains("4 runs side by side need about \((4 * one).bytesText)"))
        #expect(warning.contains("(memory limit of the control group /job)") && warning.hasSuffix("the largest --jobs that fits is 2"))
        let text = plan([1150, 1150, 1150, 1150], jobs: 4, bytes: 2 * one + 1).text
        #expect(text.contains("not enough") && text.contains("--jobs that fits is 2"))
        #expect(plan([1150, 1150], jobs: 1, bytes: one - 1).warning?.contains("no --jobs fits") == true)
        #expect(plan([], jobs: 4, bytes: 10).warning == nil && plan([], jobs: 4, bytes: 10).largestJobs == 1)
    }

    @Test func `the address space is that of each process`() {
        let one = need(hiddenSize: 1150)
        #expect(plan([1150, 1150], jobs: 2, bytes: .max, addressSpace: one.addressSpace).warning == nil)
        let tooLarge = plan([1150, 1150], jobs: 2, bytes: .max, addressSpace: one.addressSpace - 1)
        #expect(tooLarge.warning?.contains("ulimit -v") == true && tooLarge.largestJobs == 0)
    }

    @Test func `only a kill tells of memory`() {
        let available = AvailableMemory(bytes: 300_000_000, limit: .machine)
        #expect(MemoryPlan.reason(status: 143, need: nil, available: available) == "")
        let reason = MemoryPlan.reason(status: 137, need: need(hiddenSize: 1150), available: available)
        #expect(reason.contains("want of memory") && reason.contains(need(hiddenSize: 1150).resident.bytesText))
        #expect(reason.contains("300 MB") && reason.contains("memory of the machine"))
        #expect(MemoryPlan.reason(status: 137, need: nil, available: available).contains("300 MB"))
    }
}

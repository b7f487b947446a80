export { MockError, type MockFault } from './mock-answer'
export {
  type MockAnswer,
  type MockHandler,
  type MockHandlers,
  type MockRequest,
  mockFetch,
} from './mock-fetch'

/**
 * DiSNI's verbs, implemented on the distribution's {@code libibverbs.so.1} and {@code librdmacm.so.1} by the JDK's
 * foreign-function API: nothing is compiled and no library is shipped.
 *
 * <p>
 * Three layers, each on the one before:
 * <ol>
 * <li><b>Symbols</b>: {@code Symbols} alone calls restricted methods; {@code Verbs} and {@code ConnectionManager} hold the
 * exported functions, {@code DeviceCalls} those that C inlines and that go through the function pointers of the
 * device context.</li>
 * <li><b>Layouts</b>: {@code VerbsLayouts} and {@code CmLayouts} state every size and offset once; a test compares them
 * with the C headers, and {@code LayoutCheck} with what the library says at run time. A difference is fatal.</li>
 * <li><b>Objects</b>: the {@code Ffm...} classes extend DiSNI's, so that its calls work, and add what it lacks. The data
 * path is {@link dev.sluice.rdma.internal.ffm.SendBatch}, {@link dev.sluice.rdma.internal.ffm.ReceiveBatch} and
 * {@link dev.sluice.rdma.internal.ffm.CompletionPoller}; DiSNI's stateful calls are written on them.</li>
 * </ol>
 *
 * <p>
 * Control calls throw {@link dev.sluice.rdma.internal.ffm.VerbsException}; calls of the data path return a negative errno.
 * Every wait has a deadline. Events are acknowledged as soon as they are read, so no destroy waits for an acknowledgement.
 */
package dev.sluice.rdma.internal.ffm;

package io.davylamp.wire.skywalking.v10;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AsyncProfilerTaskGrpc {

  private AsyncProfilerTaskGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v10.AsyncProfilerTask";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery,
      io.davylamp.wire.skywalking.v3.Commands> getGetAsyncProfilerTaskCommandsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "getAsyncProfilerTaskCommands",
      requestType = io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery,
      io.davylamp.wire.skywalking.v3.Commands> getGetAsyncProfilerTaskCommandsMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery, io.davylamp.wire.skywalking.v3.Commands> getGetAsyncProfilerTaskCommandsMethod;
    if ((getGetAsyncProfilerTaskCommandsMethod = AsyncProfilerTaskGrpc.getGetAsyncProfilerTaskCommandsMethod) == null) {
      synchronized (AsyncProfilerTaskGrpc.class) {
        if ((getGetAsyncProfilerTaskCommandsMethod = AsyncProfilerTaskGrpc.getGetAsyncProfilerTaskCommandsMethod) == null) {
          AsyncProfilerTaskGrpc.getGetAsyncProfilerTaskCommandsMethod = getGetAsyncProfilerTaskCommandsMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "getAsyncProfilerTaskCommands"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getGetAsyncProfilerTaskCommandsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerData,
      io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse> getCollectMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collect",
      requestType = io.davylamp.wire.skywalking.v10.AsyncProfilerData.class,
      responseType = io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerData,
      io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse> getCollectMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v10.AsyncProfilerData, io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse> getCollectMethod;
    if ((getCollectMethod = AsyncProfilerTaskGrpc.getCollectMethod) == null) {
      synchronized (AsyncProfilerTaskGrpc.class) {
        if ((getCollectMethod = AsyncProfilerTaskGrpc.getCollectMethod) == null) {
          AsyncProfilerTaskGrpc.getCollectMethod = getCollectMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v10.AsyncProfilerData, io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collect"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v10.AsyncProfilerData.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AsyncProfilerTaskStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskStub>() {
        @java.lang.Override
        public AsyncProfilerTaskStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AsyncProfilerTaskStub(channel, callOptions);
        }
      };
    return AsyncProfilerTaskStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AsyncProfilerTaskBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskBlockingV2Stub>() {
        @java.lang.Override
        public AsyncProfilerTaskBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AsyncProfilerTaskBlockingV2Stub(channel, callOptions);
        }
      };
    return AsyncProfilerTaskBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AsyncProfilerTaskBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskBlockingStub>() {
        @java.lang.Override
        public AsyncProfilerTaskBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AsyncProfilerTaskBlockingStub(channel, callOptions);
        }
      };
    return AsyncProfilerTaskBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AsyncProfilerTaskFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AsyncProfilerTaskFutureStub>() {
        @java.lang.Override
        public AsyncProfilerTaskFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AsyncProfilerTaskFutureStub(channel, callOptions);
        }
      };
    return AsyncProfilerTaskFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default void getAsyncProfilerTaskCommands(io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetAsyncProfilerTaskCommandsMethod(), responseObserver);
    }

    /**
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v10.AsyncProfilerData> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getCollectMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AsyncProfilerTask.
   */
  public static abstract class AsyncProfilerTaskImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AsyncProfilerTaskGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AsyncProfilerTask.
   */
  public static final class AsyncProfilerTaskStub
      extends io.grpc.stub.AbstractAsyncStub<AsyncProfilerTaskStub> {
    private AsyncProfilerTaskStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AsyncProfilerTaskStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AsyncProfilerTaskStub(channel, callOptions);
    }

    /**
     */
    public void getAsyncProfilerTaskCommands(io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetAsyncProfilerTaskCommandsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v10.AsyncProfilerData> collect(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getCollectMethod(), getCallOptions()), responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AsyncProfilerTask.
   */
  public static final class AsyncProfilerTaskBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AsyncProfilerTaskBlockingV2Stub> {
    private AsyncProfilerTaskBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AsyncProfilerTaskBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AsyncProfilerTaskBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands getAsyncProfilerTaskCommands(io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetAsyncProfilerTaskCommandsMethod(), getCallOptions(), request);
    }

    /**
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.skywalking.v10.AsyncProfilerData, io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse>
        collect() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getCollectMethod(), getCallOptions());
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AsyncProfilerTask.
   */
  public static final class AsyncProfilerTaskBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AsyncProfilerTaskBlockingStub> {
    private AsyncProfilerTaskBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AsyncProfilerTaskBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AsyncProfilerTaskBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands getAsyncProfilerTaskCommands(io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetAsyncProfilerTaskCommandsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AsyncProfilerTask.
   */
  public static final class AsyncProfilerTaskFutureStub
      extends io.grpc.stub.AbstractFutureStub<AsyncProfilerTaskFutureStub> {
    private AsyncProfilerTaskFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AsyncProfilerTaskFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AsyncProfilerTaskFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> getAsyncProfilerTaskCommands(
        io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetAsyncProfilerTaskCommandsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_ASYNC_PROFILER_TASK_COMMANDS = 0;
  private static final int METHODID_COLLECT = 1;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_GET_ASYNC_PROFILER_TASK_COMMANDS:
          serviceImpl.getAsyncProfilerTaskCommands((io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery) request,
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_COLLECT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.collect(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getGetAsyncProfilerTaskCommandsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_GET_ASYNC_PROFILER_TASK_COMMANDS)))
        .addMethod(
          getCollectMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v10.AsyncProfilerData,
              io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse>(
                service, METHODID_COLLECT)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (AsyncProfilerTaskGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getGetAsyncProfilerTaskCommandsMethod())
              .addMethod(getCollectMethod())
              .build();
        }
      }
    }
    return result;
  }
}

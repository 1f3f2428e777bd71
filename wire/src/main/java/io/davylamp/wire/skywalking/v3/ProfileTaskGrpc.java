package io.davylamp.wire.skywalking.v3;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ProfileTaskGrpc {

  private ProfileTaskGrpc() {}

  public static final java.lang.String SERVICE_NAME = "skywalking.v3.ProfileTask";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery,
      io.davylamp.wire.skywalking.v3.Commands> getGetProfileTaskCommandsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "getProfileTaskCommands",
      requestType = io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery,
      io.davylamp.wire.skywalking.v3.Commands> getGetProfileTaskCommandsMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery, io.davylamp.wire.skywalking.v3.Commands> getGetProfileTaskCommandsMethod;
    if ((getGetProfileTaskCommandsMethod = ProfileTaskGrpc.getGetProfileTaskCommandsMethod) == null) {
      synchronized (ProfileTaskGrpc.class) {
        if ((getGetProfileTaskCommandsMethod = ProfileTaskGrpc.getGetProfileTaskCommandsMethod) == null) {
          ProfileTaskGrpc.getGetProfileTaskCommandsMethod = getGetProfileTaskCommandsMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "getProfileTaskCommands"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getGetProfileTaskCommandsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ThreadSnapshot,
      io.davylamp.wire.skywalking.v3.Commands> getCollectSnapshotMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "collectSnapshot",
      requestType = io.davylamp.wire.skywalking.v3.ThreadSnapshot.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ThreadSnapshot,
      io.davylamp.wire.skywalking.v3.Commands> getCollectSnapshotMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ThreadSnapshot, io.davylamp.wire.skywalking.v3.Commands> getCollectSnapshotMethod;
    if ((getCollectSnapshotMethod = ProfileTaskGrpc.getCollectSnapshotMethod) == null) {
      synchronized (ProfileTaskGrpc.class) {
        if ((getCollectSnapshotMethod = ProfileTaskGrpc.getCollectSnapshotMethod) == null) {
          ProfileTaskGrpc.getCollectSnapshotMethod = getCollectSnapshotMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.ThreadSnapshot, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "collectSnapshot"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.ThreadSnapshot.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getCollectSnapshotMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport,
      io.davylamp.wire.skywalking.v3.Commands> getReportTaskFinishMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "reportTaskFinish",
      requestType = io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport.class,
      responseType = io.davylamp.wire.skywalking.v3.Commands.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport,
      io.davylamp.wire.skywalking.v3.Commands> getReportTaskFinishMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport, io.davylamp.wire.skywalking.v3.Commands> getReportTaskFinishMethod;
    if ((getReportTaskFinishMethod = ProfileTaskGrpc.getReportTaskFinishMethod) == null) {
      synchronized (ProfileTaskGrpc.class) {
        if ((getReportTaskFinishMethod = ProfileTaskGrpc.getReportTaskFinishMethod) == null) {
          ProfileTaskGrpc.getReportTaskFinishMethod = getReportTaskFinishMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport, io.davylamp.wire.skywalking.v3.Commands>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "reportTaskFinish"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.skywalking.v3.Commands.getDefaultInstance()))
              .build();
        }
      }
    }
    return getReportTaskFinishMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ProfileTaskStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ProfileTaskStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ProfileTaskStub>() {
        @java.lang.Override
        public ProfileTaskStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ProfileTaskStub(channel, callOptions);
        }
      };
    return ProfileTaskStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ProfileTaskBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ProfileTaskBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ProfileTaskBlockingV2Stub>() {
        @java.lang.Override
        public ProfileTaskBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ProfileTaskBlockingV2Stub(channel, callOptions);
        }
      };
    return ProfileTaskBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ProfileTaskBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ProfileTaskBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ProfileTaskBlockingStub>() {
        @java.lang.Override
        public ProfileTaskBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ProfileTaskBlockingStub(channel, callOptions);
        }
      };
    return ProfileTaskBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ProfileTaskFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ProfileTaskFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ProfileTaskFutureStub>() {
        @java.lang.Override
        public ProfileTaskFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ProfileTaskFutureStub(channel, callOptions);
        }
      };
    return ProfileTaskFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     */
    default void getProfileTaskCommands(io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetProfileTaskCommandsMethod(), responseObserver);
    }

    /**
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.ThreadSnapshot> collectSnapshot(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getCollectSnapshotMethod(), responseObserver);
    }

    /**
     */
    default void reportTaskFinish(io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReportTaskFinishMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ProfileTask.
   */
  public static abstract class ProfileTaskImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ProfileTaskGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ProfileTask.
   */
  public static final class ProfileTaskStub
      extends io.grpc.stub.AbstractAsyncStub<ProfileTaskStub> {
    private ProfileTaskStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ProfileTaskStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ProfileTaskStub(channel, callOptions);
    }

    /**
     */
    public void getProfileTaskCommands(io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetProfileTaskCommandsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.ThreadSnapshot> collectSnapshot(
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getCollectSnapshotMethod(), getCallOptions()), responseObserver);
    }

    /**
     */
    public void reportTaskFinish(io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReportTaskFinishMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ProfileTask.
   */
  public static final class ProfileTaskBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ProfileTaskBlockingV2Stub> {
    private ProfileTaskBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ProfileTaskBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ProfileTaskBlockingV2Stub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands getProfileTaskCommands(io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetProfileTaskCommandsMethod(), getCallOptions(), request);
    }

    /**
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.skywalking.v3.ThreadSnapshot, io.davylamp.wire.skywalking.v3.Commands>
        collectSnapshot() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getCollectSnapshotMethod(), getCallOptions());
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands reportTaskFinish(io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReportTaskFinishMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ProfileTask.
   */
  public static final class ProfileTaskBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ProfileTaskBlockingStub> {
    private ProfileTaskBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ProfileTaskBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ProfileTaskBlockingStub(channel, callOptions);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands getProfileTaskCommands(io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetProfileTaskCommandsMethod(), getCallOptions(), request);
    }

    /**
     */
    public io.davylamp.wire.skywalking.v3.Commands reportTaskFinish(io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReportTaskFinishMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ProfileTask.
   */
  public static final class ProfileTaskFutureStub
      extends io.grpc.stub.AbstractFutureStub<ProfileTaskFutureStub> {
    private ProfileTaskFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ProfileTaskFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ProfileTaskFutureStub(channel, callOptions);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> getProfileTaskCommands(
        io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetProfileTaskCommandsMethod(), getCallOptions()), request);
    }

    /**
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.skywalking.v3.Commands> reportTaskFinish(
        io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReportTaskFinishMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_PROFILE_TASK_COMMANDS = 0;
  private static final int METHODID_REPORT_TASK_FINISH = 1;
  private static final int METHODID_COLLECT_SNAPSHOT = 2;

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
        case METHODID_GET_PROFILE_TASK_COMMANDS:
          serviceImpl.getProfileTaskCommands((io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery) request,
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
          break;
        case METHODID_REPORT_TASK_FINISH:
          serviceImpl.reportTaskFinish((io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport) request,
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
        case METHODID_COLLECT_SNAPSHOT:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.collectSnapshot(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.skywalking.v3.Commands>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getGetProfileTaskCommandsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_GET_PROFILE_TASK_COMMANDS)))
        .addMethod(
          getCollectSnapshotMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.ThreadSnapshot,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_COLLECT_SNAPSHOT)))
        .addMethod(
          getReportTaskFinishMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.skywalking.v3.ProfileTaskFinishReport,
              io.davylamp.wire.skywalking.v3.Commands>(
                service, METHODID_REPORT_TASK_FINISH)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (ProfileTaskGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getGetProfileTaskCommandsMethod())
              .addMethod(getCollectSnapshotMethod())
              .addMethod(getReportTaskFinishMethod())
              .build();
        }
      }
    }
    return result;
  }
}

package io.davylamp.wire.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class AgentServiceGrpc {

  private AgentServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "davylamp.v1.AgentService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.v1.AgentMessage,
      io.davylamp.wire.v1.ServerMessage> getLinkMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Link",
      requestType = io.davylamp.wire.v1.AgentMessage.class,
      responseType = io.davylamp.wire.v1.ServerMessage.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.v1.AgentMessage,
      io.davylamp.wire.v1.ServerMessage> getLinkMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.v1.AgentMessage, io.davylamp.wire.v1.ServerMessage> getLinkMethod;
    if ((getLinkMethod = AgentServiceGrpc.getLinkMethod) == null) {
      synchronized (AgentServiceGrpc.class) {
        if ((getLinkMethod = AgentServiceGrpc.getLinkMethod) == null) {
          AgentServiceGrpc.getLinkMethod = getLinkMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.v1.AgentMessage, io.davylamp.wire.v1.ServerMessage>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Link"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.AgentMessage.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.ServerMessage.getDefaultInstance()))
              .build();
        }
      }
    }
    return getLinkMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.v1.PollRequest,
      io.davylamp.wire.v1.PollReply> getPollMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Poll",
      requestType = io.davylamp.wire.v1.PollRequest.class,
      responseType = io.davylamp.wire.v1.PollReply.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.v1.PollRequest,
      io.davylamp.wire.v1.PollReply> getPollMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.v1.PollRequest, io.davylamp.wire.v1.PollReply> getPollMethod;
    if ((getPollMethod = AgentServiceGrpc.getPollMethod) == null) {
      synchronized (AgentServiceGrpc.class) {
        if ((getPollMethod = AgentServiceGrpc.getPollMethod) == null) {
          AgentServiceGrpc.getPollMethod = getPollMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.v1.PollRequest, io.davylamp.wire.v1.PollReply>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Poll"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.PollRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.PollReply.getDefaultInstance()))
              .build();
        }
      }
    }
    return getPollMethod;
  }

  private static volatile io.grpc.MethodDescriptor<io.davylamp.wire.v1.DeliverRequest,
      io.davylamp.wire.v1.DeliverReply> getDeliverMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Deliver",
      requestType = io.davylamp.wire.v1.DeliverRequest.class,
      responseType = io.davylamp.wire.v1.DeliverReply.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<io.davylamp.wire.v1.DeliverRequest,
      io.davylamp.wire.v1.DeliverReply> getDeliverMethod() {
    io.grpc.MethodDescriptor<io.davylamp.wire.v1.DeliverRequest, io.davylamp.wire.v1.DeliverReply> getDeliverMethod;
    if ((getDeliverMethod = AgentServiceGrpc.getDeliverMethod) == null) {
      synchronized (AgentServiceGrpc.class) {
        if ((getDeliverMethod = AgentServiceGrpc.getDeliverMethod) == null) {
          AgentServiceGrpc.getDeliverMethod = getDeliverMethod =
              io.grpc.MethodDescriptor.<io.davylamp.wire.v1.DeliverRequest, io.davylamp.wire.v1.DeliverReply>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Deliver"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.DeliverRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.lite.ProtoLiteUtils.marshaller(
                  io.davylamp.wire.v1.DeliverReply.getDefaultInstance()))
              .build();
        }
      }
    }
    return getDeliverMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static AgentServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AgentServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AgentServiceStub>() {
        @java.lang.Override
        public AgentServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AgentServiceStub(channel, callOptions);
        }
      };
    return AgentServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static AgentServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AgentServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AgentServiceBlockingV2Stub>() {
        @java.lang.Override
        public AgentServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AgentServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return AgentServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static AgentServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AgentServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AgentServiceBlockingStub>() {
        @java.lang.Override
        public AgentServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AgentServiceBlockingStub(channel, callOptions);
        }
      };
    return AgentServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static AgentServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<AgentServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<AgentServiceFutureStub>() {
        @java.lang.Override
        public AgentServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new AgentServiceFutureStub(channel, callOptions);
        }
      };
    return AgentServiceFutureStub.newStub(factory, channel);
  }

  /**
   */
  public interface AsyncService {

    /**
     * <pre>
     * One per running JVM, open as long as the JVM lives. The first message is Hello; the server answers Welcome.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.v1.AgentMessage> link(
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.ServerMessage> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getLinkMethod(), responseObserver);
    }

    /**
     * <pre>
     * The same as Link where a stream does not get through: the agent says what it has to say and waits some seconds for what the
     * server has to say.
     * </pre>
     */
    default void poll(io.davylamp.wire.v1.PollRequest request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.PollReply> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPollMethod(), responseObserver);
    }

    /**
     * <pre>
     * One per recording. Begin, then, after Proceed, the bytes from its offset on, End, half-close. Stored is sent after the bytes
     * are durable.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<io.davylamp.wire.v1.DeliverRequest> deliver(
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.DeliverReply> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getDeliverMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service AgentService.
   */
  public static abstract class AgentServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return AgentServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service AgentService.
   */
  public static final class AgentServiceStub
      extends io.grpc.stub.AbstractAsyncStub<AgentServiceStub> {
    private AgentServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AgentServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AgentServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * One per running JVM, open as long as the JVM lives. The first message is Hello; the server answers Welcome.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.v1.AgentMessage> link(
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.ServerMessage> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getLinkMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * The same as Link where a stream does not get through: the agent says what it has to say and waits some seconds for what the
     * server has to say.
     * </pre>
     */
    public void poll(io.davylamp.wire.v1.PollRequest request,
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.PollReply> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPollMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * One per recording. Begin, then, after Proceed, the bytes from its offset on, End, half-close. Stored is sent after the bytes
     * are durable.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<io.davylamp.wire.v1.DeliverRequest> deliver(
        io.grpc.stub.StreamObserver<io.davylamp.wire.v1.DeliverReply> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getDeliverMethod(), getCallOptions()), responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service AgentService.
   */
  public static final class AgentServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<AgentServiceBlockingV2Stub> {
    private AgentServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AgentServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AgentServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * One per running JVM, open as long as the JVM lives. The first message is Hello; the server answers Welcome.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.v1.AgentMessage, io.davylamp.wire.v1.ServerMessage>
        link() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getLinkMethod(), getCallOptions());
    }

    /**
     * <pre>
     * The same as Link where a stream does not get through: the agent says what it has to say and waits some seconds for what the
     * server has to say.
     * </pre>
     */
    public io.davylamp.wire.v1.PollReply poll(io.davylamp.wire.v1.PollRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPollMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * One per recording. Begin, then, after Proceed, the bytes from its offset on, End, half-close. Stored is sent after the bytes
     * are durable.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<io.davylamp.wire.v1.DeliverRequest, io.davylamp.wire.v1.DeliverReply>
        deliver() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getDeliverMethod(), getCallOptions());
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service AgentService.
   */
  public static final class AgentServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<AgentServiceBlockingStub> {
    private AgentServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AgentServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AgentServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * The same as Link where a stream does not get through: the agent says what it has to say and waits some seconds for what the
     * server has to say.
     * </pre>
     */
    public io.davylamp.wire.v1.PollReply poll(io.davylamp.wire.v1.PollRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPollMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service AgentService.
   */
  public static final class AgentServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<AgentServiceFutureStub> {
    private AgentServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected AgentServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new AgentServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * The same as Link where a stream does not get through: the agent says what it has to say and waits some seconds for what the
     * server has to say.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<io.davylamp.wire.v1.PollReply> poll(
        io.davylamp.wire.v1.PollRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPollMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_POLL = 0;
  private static final int METHODID_LINK = 1;
  private static final int METHODID_DELIVER = 2;

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
        case METHODID_POLL:
          serviceImpl.poll((io.davylamp.wire.v1.PollRequest) request,
              (io.grpc.stub.StreamObserver<io.davylamp.wire.v1.PollReply>) responseObserver);
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
        case METHODID_LINK:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.link(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.v1.ServerMessage>) responseObserver);
        case METHODID_DELIVER:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.deliver(
              (io.grpc.stub.StreamObserver<io.davylamp.wire.v1.DeliverReply>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getLinkMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.v1.AgentMessage,
              io.davylamp.wire.v1.ServerMessage>(
                service, METHODID_LINK)))
        .addMethod(
          getPollMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              io.davylamp.wire.v1.PollRequest,
              io.davylamp.wire.v1.PollReply>(
                service, METHODID_POLL)))
        .addMethod(
          getDeliverMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              io.davylamp.wire.v1.DeliverRequest,
              io.davylamp.wire.v1.DeliverReply>(
                service, METHODID_DELIVER)))
        .build();
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (AgentServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .addMethod(getLinkMethod())
              .addMethod(getPollMethod())
              .addMethod(getDeliverMethod())
              .build();
        }
      }
    }
    return result;
  }
}
